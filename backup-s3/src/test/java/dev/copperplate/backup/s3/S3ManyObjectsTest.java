package dev.copperplate.backup.s3;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.copperplate.backup.repository.ChildJvm;
import dev.copperplate.backup.repository.RepositoryOptions;
import dev.copperplate.backup.repository.TestRepositories;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A bucket with more objects than a small process has memory for. */
class S3ManyObjectsTest extends S3TargetSuite {

  private static final int OBJECTS = 1_000_000;

  @Test
  @Timeout(300)
  void aMillionObjectsAreListedAndPassedByInLittleMemory() throws Exception {
    TestRepositories.create(target, RepositoryOptions.DEFAULT).close();
    store.seed(PLACE.bucket(), OBJECTS, S3ManyObjectsTest::pack, 0);
    store.forgetRequests();
    try (ChildJvm child = ChildJvm.start("64m", ListingProcess.class)) {
      child.tell(store.endpoint().toString());
      child.tell(PLACE.toString());
      child.tell(store.accessKey());
      child.tell(store.secretKey());
      assertEquals(0, child.end(), child::said);
      assertEquals(
          List.of("snapshots 0", "objects " + OBJECTS, "snapshots 0"),
          child.said().lines().filter(line -> line.matches("(snapshots|objects) .*")).toList());
    }
    // Each page has a thousand; opening and asking for snapshots takes a few.
    long listings = store.count("ListObjectsV2");
    assertTrue(listings <= OBJECTS / 1000 + 20, () -> listings + " requests");
  }

  /** What a pack would be called; they are none. */
  private static String pack(int number) {
    String name = HexFormat.of().toHexDigits(number * 0x9E3779B97F4A7C15L) + "0".repeat(48);
    return PLACE.stored("data/" + name.substring(0, 2) + "/" + name);
  }
}
