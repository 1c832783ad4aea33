-- CreateIndex
CREATE UNIQUE INDEX "Message_createdPosition_key" ON "Message"("createdPosition");

-- The words of what people wrote, by "createdPosition", as src/log/message-index.ts hands them over: here they are only
-- told apart. It keeps no text, only where each word is.
CREATE VIRTUAL TABLE "MessageSearch" USING fts5("words", content = '', contentless_delete = 1, tokenize = "ascii tokenchars ':'");

-- The words themselves.
CREATE VIRTUAL TABLE "MessageSearchWords" USING fts5vocab("MessageSearch", 'instance');
