package dev.copperplate.benchmarks.stages;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.copperplate.backup.repository.format.Sha256;
import java.security.MessageDigest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A stage that does not do its work would be the fastest. */
class StagesTest {

  @ParameterizedTest
  @EnumSource
  void kindsOfDataAreTheSameEachTime(DataKind kind) {
    byte[] bytes = kind.bytes(1 << 20);
    assertEquals(1 << 20, bytes.length);
    assertArrayEquals(bytes, kind.bytes(1 << 20));
  }

  @Test
  void rowsHalveAndRandomBytesDoNot() {
    assertEquals(1, Pieces.storedShare(DataKind.RANDOM, Roofline.LEVEL));
    double rows = Pieces.storedShare(DataKind.ROWS, Roofline.LEVEL);
    assertTrue(rows > 0.3 && rows < 0.5, "rows: " + rows);
    assertTrue(Pieces.storedShare(DataKind.COMPRESSED, Roofline.LEVEL) > 0.9);
  }

  @Test
  void readsTheWholeFile() throws Exception {
    ReadStage stage = new ReadStage();
    stage.prepare();
    try {
      assertEquals(ReadStage.BYTES, stage.read());
      assertEquals(ReadStage.BYTES, stage.read());
    } finally {
      stage.remove();
    }
  }

  @Test
  void cutsTheSameChunksEachTime() {
    ChunkStage stage = new ChunkStage();
    stage.prepare();
    int chunks = stage.copyAndChunk();
    assertTrue(chunks > 30 && chunks < 70, chunks + " chunks of 64 MiB");
    assertEquals(chunks, stage.copyAndChunk());
  }

  @Test
  void hashesAllPieces() throws Exception {
    HashStage stage = new HashStage();
    stage.prepare();
    MessageDigest digest = MessageDigest.getInstance("SHA-256");
    long words = 0;
    for (byte[] each : Pieces.of(DataKind.RANDOM)) {
      words ^= Sha256.hash(each).word(0);
      digest.update(each);
    }
    assertEquals(words, stage.blobs());
    assertArrayEquals(digest.digest(), stage.pack());
  }

  @Test
  void compressesMoreAtHigherLevelsAndBack() {
    long last = Pieces.BYTES;
    for (int level : new int[] {1, 3, 6}) {
      CompressStage stage = new CompressStage();
      stage.kind = DataKind.CLASSES;
      stage.level = level;
      stage.prepare();
      long size = stage.compress();
      assertTrue(size < last, level + ": " + size);
      last = size;
      assertEquals(Pieces.BYTES, stage.decompress());
      stage.close();
    }
  }

  @Test
  void sealsAndOpensToTheSame() throws Exception {
    SealStage stage = new SealStage();
    byte[] last = Pieces.of(DataKind.RANDOM)[Pieces.COUNT - 1];
    assertArrayEquals(last, stage.open());
    assertArrayEquals(last, stage.sealer.open(stage.seal()));
  }

  @Test
  void authenticatesWithAnotherTagForEachPiece() {
    byte[] tag = new MacStage().bouncyCastle();
    assertEquals(16, tag.length);
    assertNotEquals(0, tag[0] | tag[5] | tag[15]);
  }

  @ParameterizedTest
  @EnumSource(names = {"RANDOM", "ROWS"})
  void checksThatAllPiecesAreWhatTheyWere(DataKind kind) throws Exception {
    SelfCheckStage stage = new SelfCheckStage();
    stage.kind = kind;
    stage.prepare();
    assertEquals(Pieces.COUNT, stage.check());
    stage.close();
  }

  @Test
  void writesWholePacksAgainAndAgain() throws Exception {
    WriteStage stage = new WriteStage();
    stage.prepare();
    try {
      for (int i = 0; i < 2; i++) {
        assertEquals(WriteStage.BYTES, stage.write());
        stage.put();
        stage.removePack();
      }
    } finally {
      stage.removeDirectory();
    }
  }

  @Test
  void findsWhatIsInTheIndexAndNothingElse() throws Exception {
    IndexStage stage = new IndexStage();
    stage.prepare(60_000);
    try {
      assertEquals(IndexStage.QUESTIONS, stage.lookUpKnown());
      assertEquals(0, stage.lookUpUnknown());
      assertEquals(60_000, stage.load().size());
      assertTrue(stage.write().length > 5_000_000);
    } finally {
      stage.remove();
    }
  }

  @Test
  void readsTheTreeThatItWrote() throws Exception {
    TreeStage stage = new TreeStage();
    assertEquals(TreeStage.nodes(), stage.decode());
    assertTrue(stage.encode().length > TreeStage.ENTRIES * 200);
  }

  @Test
  void derivesTheSameKeyEachTime() {
    KeyStage stage = new KeyStage();
    assertArrayEquals(stage.derive().encryptBytes(), stage.derive().encryptBytes());
  }
}
