package dev.copperplate.backup.s3.fake;

import dev.copperplate.backup.testkit.s3.FakeS3;
import software.amazon.awssdk.services.s3.S3Client;

/** The same with checksums only where the API demands them. */
class FakeS3ObjectsSparingTest extends FakeS3ObjectsTest {

  @Override
  S3Client client(FakeS3 of) {
    return S3Clients.sparing(of);
  }
}
