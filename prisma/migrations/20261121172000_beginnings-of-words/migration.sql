-- Made anew, empty: the start that follows indexes all messages.
DROP TABLE "MessageSearchWords";
DROP TABLE "MessageSearch";

-- Beginnings of one and two letters have entries of their own: FTS5 would read all that any word with them is in, of everybody.
CREATE VIRTUAL TABLE "MessageSearch" USING fts5("words", content = '', contentless_delete = 1, tokenize = "ascii tokenchars ':'", prefix = '1 2');
CREATE VIRTUAL TABLE "MessageSearchWords" USING fts5vocab("MessageSearch", 'instance');
