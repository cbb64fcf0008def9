import { withSession } from '@turnmeter/instrumentation';
import OpenAI from 'openai';
import groupChat from './group-chat.cjs';

await groupChat(OpenAI, withSession);
