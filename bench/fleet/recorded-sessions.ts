// What the sessions of `turnmeter demo` cost turn by turn, as `GET /api/v1/workflows/{name}/history` had them: real recordings of eight agent frameworks
// against a scripted model, and the chat that is sent four times as one session.

export interface RecordedSession {
  readonly entryAgent: string;
  readonly firstPromptTokens: number;
  /** Nano-USD. */
  readonly turnCosts: readonly number[];
}

export const RECORDED_SESSIONS = {
  'handoff-swarm': [
    // ai6-a
    { entryAgent: 'Planner', firstPromptTokens: 914, turnCosts: [514500, 4466000, 384000, 2746000, 324800] },
    // adk-a
    { entryAgent: 'Planner', firstPromptTokens: 818, turnCosts: [2052500, 1077840, 0, 170300, 596440, 59620] },
    // ai7-a
    { entryAgent: 'Planner', firstPromptTokens: 914, turnCosts: [514500, 4466000, 384000, 2746000, 324800] },
    // strands-a
    { entryAgent: 'Planner', firstPromptTokens: 914, turnCosts: [514500, 4466000, 384000, 2746000, 324800] },
    // adk-b
    { entryAgent: 'Planner', firstPromptTokens: 424, turnCosts: [1690000, 850860, 86000, 261860, 121720] },
    // ai6-b
    { entryAgent: 'Planner', firstPromptTokens: 308, turnCosts: [405000, 4266000, 368000, 2270000, 374800] },
    // strands-b
    { entryAgent: 'Planner', firstPromptTokens: 308, turnCosts: [405000, 4266000, 368000, 2270000, 374800] },
    // ai7-b
    { entryAgent: 'Planner', firstPromptTokens: 308, turnCosts: [405000, 4266000, 368000, 2270000, 374800] },
    // ai6-c
    { entryAgent: 'Planner', firstPromptTokens: 821, turnCosts: [491250, 5272000, 0, 382800, 2090000, 440400] },
    // adk-c
    { entryAgent: 'Planner', firstPromptTokens: 893, turnCosts: [3246250, 931980, 0, 91500, 420660, 68020] },
    // ai7-c
    { entryAgent: 'Planner', firstPromptTokens: 821, turnCosts: [491250, 5272000, 0, 382800, 2090000, 440400] },
    // strands-c
    {
      entryAgent: 'Planner',
      firstPromptTokens: 821,
      turnCosts: [491250, 5272000, 0, 472600, 2090000, 382800, 2622000, 440400],
    },
    // strands-loop
    {
      entryAgent: 'Planner',
      firstPromptTokens: 308,
      turnCosts: [
        405000, 4266000, 368000, 2270000, 374800, 405000, 4266000, 368000, 2270000, 374800, 405000, 4266000, 368000,
        2270000, 374800, 405000, 4266000, 368000, 2270000, 374800,
      ],
    },
  ],
  'managed-group-chat': [
    // openinference-a
    {
      entryAgent: 'Manager',
      firstPromptTokens: 1051,
      turnCosts: [596400, 514500, 298400, 4466000, 356800, 384000, 422800, 2746000, 586000, 324800, 447200],
    },
    // langfuse-a
    {
      entryAgent: 'Manager',
      firstPromptTokens: 1051,
      turnCosts: [596400, 514500, 298400, 4466000, 356800, 384000, 422800, 2746000, 586000, 324800, 447200],
    },
    // openinference-b
    {
      entryAgent: 'Manager',
      firstPromptTokens: 733,
      turnCosts: [384400, 405000, 294800, 4266000, 562400, 368000, 313200, 2270000, 408800, 374800, 518400],
    },
    // langfuse-b
    {
      entryAgent: 'Manager',
      firstPromptTokens: 733,
      turnCosts: [384400, 405000, 294800, 4266000, 562400, 368000, 313200, 2270000, 408800, 374800, 518400],
    },
    // openinference-c
    {
      entryAgent: 'Manager',
      firstPromptTokens: 634,
      turnCosts: [343200, 491250, 513200, 5272000, 330800, 382800, 583600, 2090000, 513200, 440400, 322800],
    },
    // langfuse-c
    {
      entryAgent: 'Manager',
      firstPromptTokens: 634,
      turnCosts: [343200, 491250, 513200, 5272000, 330800, 0, 382800, 583600, 2090000, 513200, 440400, 322800],
    },
  ],
  'supervised-team': [
    // voltagent-b
    {
      entryAgent: 'Supervisor',
      firstPromptTokens: 4380,
      turnCosts: [2403200, 405000, 4266000, 368000, 2270000, 374800],
    },
    // mastra-b
    {
      entryAgent: 'Supervisor',
      firstPromptTokens: 4380,
      turnCosts: [2403200, 405000, 4266000, 368000, 2270000, 374800],
    },
    // mastra-c
    { entryAgent: 'Supervisor', firstPromptTokens: 5182, turnCosts: [2557600, 491250, 5272000, 0, 2090000, 382800] },
    // voltagent-c
    { entryAgent: 'Supervisor', firstPromptTokens: 5182, turnCosts: [2557600, 491250, 5272000, 0, 2090000, 382800] },
    // mastra-a
    {
      entryAgent: 'Supervisor',
      firstPromptTokens: 4441,
      turnCosts: [2664400, 514500, 4466000, 384000, 2746000, 324800],
    },
    // voltagent-a
    {
      entryAgent: 'Supervisor',
      firstPromptTokens: 4441,
      turnCosts: [2664400, 514500, 4466000, 384000, 2746000, 324800],
    },
  ],
} as const satisfies Readonly<Record<string, readonly RecordedSession[]>>;
