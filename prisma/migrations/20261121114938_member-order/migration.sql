-- DropIndex
DROP INDEX "Member_userId_idx";

-- CreateIndex
CREATE INDEX "Member_userId_conversationId_idx" ON "Member"("userId", "conversationId");

-- CreateIndex
CREATE INDEX "Member_conversationId_joinedAt_userId_idx" ON "Member"("conversationId", "joinedAt", "userId");
