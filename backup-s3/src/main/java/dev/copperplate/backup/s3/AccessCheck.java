package dev.copperplate.backup.s3;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import dev.copperplate.backup.ByteRange;
import dev.copperplate.backup.Content;
import dev.copperplate.backup.Finding;
import dev.copperplate.backup.ObjectKey;
import dev.copperplate.backup.PutOptions;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/** What may be done in the bucket: all that a backup needs, and better nothing more. */
final class AccessCheck implements PreflightCheck {

  private static final ObjectKey TRIAL = new ObjectKey(StoreMemory.FOLDER + "access");

  /** No lock has this name; whoever backs up has to be able to delete such. */
  private static final ObjectKey NO_LOCK = new ObjectKey("locks/" + "0".repeat(64));

  private static final byte[] BYTES = "written by a preflight\n".getBytes(StandardCharsets.UTF_8);

  private final S3Target target;

  AccessCheck(S3Target target) {
    this.target = target;
  }

  @Override
  public String subject() {
    return "access";
  }

  @Override
  public void look(List<Finding> findings) throws IOException {
    boolean written =
        may(findings, "s3:PutObject", () -> target.put(TRIAL, Content.of(BYTES), PutOptions.DATA));
    if (written) {
      may(findings, "s3:GetObject", () -> read(findings));
    }
    may(findings, "s3:ListBucket", () -> target.list("snapshots/").close());
    may(findings, "s3:DeleteObject below locks/", () -> target.deleteName(NO_LOCK));
    if (written && target.delete(List.of(TRIAL)).isEmpty()) {
      findings.add(
          Finding.warning(
              subject(),
              "These credentials may delete everything: whoever steals them can, where nothing is"
                  + " locked",
              "Let backups be written with the rights of S3Role.WRITER alone"));
    }
  }

  private void read(List<Finding> findings) throws IOException {
    try (InputStream in = target.read(TRIAL, ByteRange.ALL)) {
      if (!Arrays.equals(BYTES, in.readAllBytes())) {
        findings.add(
            Finding.error(
                subject(),
                "What was put comes back as something else",
                "Look at the endpoint and at proxies before it"));
      }
    }
  }

  /** Something that is tried. */
  private interface Attempt {
    void make() throws IOException;
  }

  private boolean may(List<Finding> findings, String right, Attempt attempt) throws IOException {
    try {
      attempt.make();
      return true;
    } catch (BackupException e) {
      if (e.kind() != Kind.DENIED || !S3Failures.code(e).equals("AccessDenied")) {
        throw e; // Wrong credentials, for example: then nothing can be looked at.
      }
      findings.add(
          Finding.error(subject(), "Refused: " + e.getMessage(), "Allow " + right + " there"));
      return false;
    }
  }
}
