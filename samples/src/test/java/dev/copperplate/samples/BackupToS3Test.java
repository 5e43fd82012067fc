package dev.copperplate.samples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.copperplate.backup.testkit.s3.BucketOptions;
import dev.copperplate.backup.testkit.s3.FakeS3;
import dev.copperplate.backup.testkit.s3.RetentionMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BackupToS3Test {

  @TempDir Path directory;
  private Place place;
  private FakeS3 store;

  @BeforeEach
  void makePlace() throws Exception {
    place = Place.in(directory);
    store = FakeS3.start();
    // Where the SDK looks besides the environment.
    System.setProperty("aws.accessKeyId", store.accessKey());
    System.setProperty("aws.secretAccessKey", store.secretKey());
  }

  @AfterEach
  void close() {
    System.clearProperty("aws.accessKeyId");
    System.clearProperty("aws.secretAccessKey");
    store.close();
  }

  @Test
  void backsUpIntoABucketThatKeepsWhatIsWritten() throws Exception {
    store.createBucket("orders", BucketOptions.locked());
    Map<String, Object> said =
        run("--retain-days=30", "--strict", "--json", place.documents().toString())
            .ending(ExitCode.SUCCESS)
            .json();
    assertEquals(true, said.get("proved"));
    assertEquals("COMPLETE", said.get("state"));
    assertTrue(said.get("capabilities").toString().contains("RETENTION"), said::toString);
    assertFalse(said.toString().contains(store.secretKey()));

    // The other samples take the same place.
    Path restored = directory.resolve("restored");
    other(RestoreSnapshot.PROGRAM, "--snapshot=latest", "--to=" + restored);
    assertEquals(
        "Dear reader",
        Files.readString(Place.below(restored, place.documents()).resolve("letters/one")));
    other(CheckRepository.PROGRAM);
    assertTrue(other(ListSnapshots.PROGRAM).out().contains(place.documents().toString()));
  }

  @Test
  void writesNothingIntoABucketThatWouldTrapLocks() {
    store.createBucket("orders", BucketOptions.locked().retaining(RetentionMode.GOVERNANCE, 1));
    Invocation refused = run(place.documents().toString()).ending(ExitCode.FAILURE);
    assertTrue(refused.out().contains("Nothing was written"), refused::toString);
    assertTrue(refused.err().contains("by default"), refused::toString);
  }

  @Test
  void saysWhatIsWrongWithAPlace() {
    Invocation refused = run(place.documents().toString()).ending(ExitCode.FAILURE);
    assertTrue(refused.err().contains("NoSuchBucket"), refused::toString);
    Invocation.of(
            BackupToS3.PROGRAM,
            "--repository=s3://orders?colour=blue",
            "--password-file=" + place.passwordFile(),
            place.documents().toString())
        .ending(ExitCode.USAGE);
  }

  private Invocation other(Program program, String... more) {
    return invoke(program, more).ending(ExitCode.SUCCESS);
  }

  private Invocation run(String... more) {
    return invoke(BackupToS3.PROGRAM, more);
  }

  private Invocation invoke(Program program, String... more) {
    List<String> arguments = new ArrayList<>();
    arguments.add("--repository");
    arguments.add("s3://orders/prod?region=us-east-1&endpoint=" + store.endpoint());
    arguments.add("--password-file");
    arguments.add(place.passwordFile().toString());
    arguments.addAll(List.of(more));
    return Invocation.of(program, arguments.toArray(new String[0]));
  }
}
