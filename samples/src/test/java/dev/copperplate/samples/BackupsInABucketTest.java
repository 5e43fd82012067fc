package dev.copperplate.samples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.copperplate.backup.Snapshot;
import dev.copperplate.backup.repository.Passwords;
import dev.copperplate.backup.testkit.s3.BucketOptions;
import dev.copperplate.backup.testkit.s3.FakeS3;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.ObjectVersion;
import software.amazon.awssdk.services.s3.model.S3Exception;

class BackupsInABucketTest {

  @Test
  void nobodyCanDeleteWhatTheSnapshotNeeds(@TempDir Path directory) throws Exception {
    Files.writeString(directory.resolve("order"), "one");
    try (FakeS3 store = FakeS3.start();
        S3Client s3 = client(store)) {
      store.createBucket("orders-backup", BucketOptions.locked());
      Snapshot snapshot =
          BackupsInABucket.make(s3, Passwords.of("correct horse"::toCharArray), directory);
      assertEquals(1, snapshot.files());
      int refused = 0;
      for (ObjectVersion each :
          s3.listObjectVersions(all -> all.bucket("orders-backup")).versions()) {
        if (each.key().matches("(config|keys|data|index|snapshots).*")) {
          S3Exception thrown =
              assertThrows(
                  S3Exception.class,
                  () ->
                      s3.deleteObject(
                          old ->
                              old.bucket("orders-backup")
                                  .key(each.key())
                                  .versionId(each.versionId())));
          assertEquals("AccessDenied", thrown.awsErrorDetails().errorCode());
          refused++;
        }
      }
      // A pack of data, one of trees, an index, a snapshot, a key and the config.
      assertEquals(6, refused);
    }
  }

  private static S3Client client(FakeS3 store) {
    return S3Client.builder()
        .endpointOverride(store.endpoint())
        .region(Region.US_EAST_1)
        .forcePathStyle(true)
        .credentialsProvider(
            StaticCredentialsProvider.create(
                AwsBasicCredentials.create(store.accessKey(), store.secretKey())))
        .build();
  }
}
