package dev.copperplate.backup.s3.fake;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.copperplate.backup.restic.Restic;
import dev.copperplate.backup.testkit.s3.FakeS3;
import dev.copperplate.backup.testkit.s3.RecordedRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Stock restic as a client: somebody else's signatures, uploads and listings. */
class FakeS3WithResticTest {

  @TempDir Path directory;

  private Restic restic(FakeS3 fake) throws IOException {
    Path password = directory.resolve("password");
    Files.writeString(password, "of the repository");
    return Restic.stock()
        .with(
            Map.of(
                "RESTIC_REPOSITORY", "s3:" + fake.endpoint() + "/orders/some/prefix",
                "RESTIC_PASSWORD_FILE", password.toString(),
                "AWS_ACCESS_KEY_ID", fake.accessKey(),
                "AWS_SECRET_ACCESS_KEY", fake.secretKey()));
  }

  private static String run(Restic restic, String... arguments) throws Exception {
    String[] all = new String[arguments.length + 2];
    all[0] = "-o";
    all[1] = "s3.bucket-lookup=path";
    System.arraycopy(arguments, 0, all, 2, arguments.length);
    return restic.succeed(all);
  }

  private Path source(long seed) throws IOException {
    Path source = Files.createDirectories(directory.resolve("source"));
    byte[] large = new byte[20_000_000];
    new Random(seed).nextBytes(large);
    Files.write(source.resolve("large"), large);
    for (int number = 0; number < 20; number++) {
      Files.writeString(source.resolve("file" + number), "content " + number + " " + seed);
    }
    return source;
  }

  @Test
  void stockResticBacksUpChecksRestoresForgetsAndPrunes() throws Exception {
    try (FakeS3 fake = FakeS3.start()) {
      fake.createBucket("orders");
      Restic restic = restic(fake);
      run(restic, "init");
      run(restic, "backup", source(1).toString());
      Path source = source(2);
      run(restic, "backup", source.toString());
      run(restic, "check", "--read-data");
      Path restored = directory.resolve("restored");
      run(restic, "restore", "latest", "--target", restored.toString());
      assertArrayEquals(
          Files.readAllBytes(source.resolve("large")),
          Files.readAllBytes(restored.resolve(source.toString().substring(1)).resolve("large")));
      run(restic, "forget", "--keep-last", "1", "--prune");
      run(restic, "check", "--read-data");

      assertTrue(fake.count("PutObject") > 5);
      assertTrue(fake.count("ListObjectsV2") > 5);
      assertEquals(0, fake.requests().stream().filter(this::isServersFault).count());
    }
  }

  private boolean isServersFault(RecordedRequest request) {
    return request.status() >= 500 || request.status() == 403;
  }
}
