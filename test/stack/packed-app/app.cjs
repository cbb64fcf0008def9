'use strict';
const { withSession } = require('@turnmeter/instrumentation');
const OpenAI = require('openai');
const groupChat = require('./group-chat.cjs');

void groupChat(OpenAI, withSession);
