package dev.copperplate.backup.s3;

import dev.copperplate.backup.Cursor;
import dev.copperplate.backup.ObjectInfo;
import dev.copperplate.backup.SnapshotFilter;
import dev.copperplate.backup.repository.BackupRepository;
import dev.copperplate.backup.repository.TestRepositories;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;

/**
 * A process with little memory that opens a repository, lists all that is beside it, and opens it
 * once more. It is told the endpoint, the place and two keys, a line each.
 */
final class ListingProcess {

  private ListingProcess() {}

  public static void main(String[] arguments) throws IOException {
    PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    URI endpoint = URI.create(in.readLine());
    S3Location place = S3Location.parse(in.readLine());
    AwsBasicCredentials keys = AwsBasicCredentials.create(in.readLine(), in.readLine());
    try (S3Target target =
        S3Target.builder(place)
            .endpoint(endpoint)
            .region("us-east-1")
            .credentials(StaticCredentialsProvider.create(keys))
            .pathStyle(true)
            .build()) {
      out.println("snapshots " + snapshots(target));
      out.println("objects " + objects(target));
      out.println("snapshots " + snapshots(target));
    }
  }

  private static int snapshots(S3Target target) throws IOException {
    try (BackupRepository repository = TestRepositories.open(target)) {
      return repository.list(SnapshotFilter.ALL).size();
    }
  }

  /** Counts what is listed below {@code data/}, each in its order, so each once. */
  private static int objects(S3Target target) throws IOException {
    int count = 0;
    String last = "";
    try (Cursor<ObjectInfo> all = target.list("data/")) {
      for (ObjectInfo each = all.next(); each != null; each = all.next()) {
        if (each.key().value().compareTo(last) <= 0) {
          throw new IOException(each.key() + " is listed behind " + last);
        }
        last = each.key().value();
        count++;
      }
    }
    return count;
  }
}
