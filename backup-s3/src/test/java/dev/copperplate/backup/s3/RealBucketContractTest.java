package dev.copperplate.backup.s3;

import static org.junit.jupiter.api.Assumptions.abort;

import dev.copperplate.backup.BackupTarget;
import dev.copperplate.backup.Cursor;
import dev.copperplate.backup.ObjectInfo;
import dev.copperplate.backup.ObjectKey;
import dev.copperplate.backup.testkit.BackupTargetContract;
import java.io.IOException;
import java.net.URI;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;

/**
 * A bucket that somebody has somewhere, named by {@code COPPERPLATE_S3_BUCKET}; run by the profile
 * {@code real-bucket}. Each test works below a fresh prefix, and deletes what it left there.
 */
@Tag("real-bucket")
class RealBucketContractTest extends BackupTargetContract {

  private static final SecureRandom RANDOM = new SecureRandom();

  private final String fresh =
      "copperplate-contract-" + HexFormat.of().toHexDigits(RANDOM.nextLong());
  private final Optional<String> bucket = setting("BUCKET");
  private final Optional<String> prefix = setting("PREFIX");

  private static Optional<String> setting(String name) {
    return Optional.ofNullable(System.getenv("COPPERPLATE_S3_" + name))
        .filter(value -> !value.isBlank());
  }

  @Override
  protected BackupTarget emptyTarget() {
    return at(prefix.map(above -> above + "/" + fresh).orElse(fresh));
  }

  private S3Target at(String below) {
    String name =
        bucket.orElseGet(() -> abort("No bucket: set COPPERPLATE_S3_BUCKET to the name of one"));
    S3TargetBuilder builder = S3Target.builder(new S3Location(name, below));
    setting("REGION").ifPresent(builder::region);
    setting("ENDPOINT").map(URI::create).ifPresent(at -> builder.endpoint(at).pathStyle(true));
    return builder.build();
  }

  @AfterEach
  void leaveNothing() throws IOException {
    if (bucket.isEmpty()) {
      return;
    }
    // From above, where also what a target notes of its store is an object like any other.
    try (S3Target above = at(prefix.orElse(""))) {
      List<ObjectKey> left = new ArrayList<>();
      try (Cursor<ObjectInfo> all = above.list(fresh + "/")) {
        for (ObjectInfo each = all.next(); each != null; each = all.next()) {
          left.add(each.key());
        }
      }
      above.delete(left);
    }
  }
}
