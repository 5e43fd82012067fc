package dev.copperplate.backup.s3;

import dev.copperplate.backup.repository.TestRepositories;
import dev.copperplate.backup.restic.Restic;
import dev.copperplate.backup.s3.ceph.Ceph;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** Stock restic with a repository in a bucket of Ceph, as the owner of the bucket. */
final class CephRestic {

  private CephRestic() {}

  /**
   * Restic for that place.
   *
   * @param directory where the password may lie
   */
  static Restic at(Ceph ceph, S3Location place, Path directory) throws IOException {
    Path password = Files.writeString(directory.resolve("password"), TestRepositories.PASSWORD);
    return Restic.stock()
        .with(
            Map.of(
                "RESTIC_REPOSITORY",
                "s3:" + ceph.endpoint() + "/" + place.bucket() + "/" + place.prefix(),
                "RESTIC_PASSWORD_FILE",
                password.toString(),
                "AWS_ACCESS_KEY_ID",
                ceph.owner().accessKeyId(),
                "AWS_SECRET_ACCESS_KEY",
                ceph.owner().secretAccessKey()));
  }
}
