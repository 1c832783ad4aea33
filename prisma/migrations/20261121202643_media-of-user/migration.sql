-- CreateIndex
CREATE INDEX "Media_userId_idx" ON "Media"("userId");
