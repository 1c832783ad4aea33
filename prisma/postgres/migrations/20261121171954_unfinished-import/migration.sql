-- CreateTable
CREATE TABLE "UnfinishedImport" (
    "id" INTEGER NOT NULL DEFAULT 1,
    "file" TEXT COLLATE "C" NOT NULL,
    "line" INTEGER NOT NULL,

    CONSTRAINT "UnfinishedImport_pkey" PRIMARY KEY ("id")
);
