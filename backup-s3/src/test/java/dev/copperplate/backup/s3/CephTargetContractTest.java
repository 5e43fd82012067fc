package dev.copperplate.backup.s3;

import dev.copperplate.backup.BackupTarget;
import dev.copperplate.backup.s3.ceph.Ceph;
import dev.copperplate.backup.testkit.BackupTargetContract;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import software.amazon.awssdk.auth.credentials.AnonymousCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;

/** A bucket of a real store, without versions. */
class CephTargetContractTest extends BackupTargetContract {

  private final List<SilentServer> servers = new ArrayList<>();

  @Override
  protected BackupTarget emptyTarget() {
    Ceph ceph = Ceph.require();
    return target(ceph, new S3Location(ceph.bucket(), "some/prefix"));
  }

  @Override
  protected Optional<BackupTarget> blocked() throws IOException {
    SilentServer server = new SilentServer();
    servers.add(server);
    return Optional.of(
        S3Target.builder(S3Location.of("bucket"))
            .endpoint(server.endpoint())
            .region("us-east-1")
            .credentials(AnonymousCredentialsProvider.create())
            .pathStyle(true)
            .build());
  }

  @AfterEach
  void closeServers() throws IOException {
    for (SilentServer each : servers) {
      each.close();
    }
  }

  /** A target with a client of its own, as a service would have it. */
  static S3Target target(Ceph ceph, S3Location location) {
    return S3Target.builder(location)
        .endpoint(ceph.endpoint())
        .region(ceph.region().id())
        .credentials(StaticCredentialsProvider.create(ceph.owner()))
        .pathStyle(true)
        .build();
  }
}
