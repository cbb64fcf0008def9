/** A turn of a session as the API shows it, as far as it is read. */
export interface SpokenTurn {
  readonly speaker: string;
  readonly started_at: string;
  readonly ended_at: string;
}

/** Changes of speaker, in order. An agent that another one asks as a tool speaks within its turn and is handed nothing over. */
export function handoffsIn(turns: readonly SpokenTurn[]): readonly string[] {
  const speakers = turns
    .filter((turn) => !turns.some((other) => other !== turn && isWithin(turn, other)))
    .map(({ speaker }) => speaker);
  return speakers.flatMap((speaker, at) => {
    const before = speakers[at - 1];
    return before === undefined || before === speaker ? [] : [`${before} > ${speaker}`];
  });
}

function isWithin(inner: SpokenTurn, outer: SpokenTurn): boolean {
  return inner.started_at >= outer.started_at && inner.ended_at <= outer.ended_at;
}
