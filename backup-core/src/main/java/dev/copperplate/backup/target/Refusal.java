package dev.copperplate.backup.target;

import dev.copperplate.backup.BackupException.Kind;
import java.io.IOException;

/** A no of ours that does not yet say what was being done; {@link DiskFailures} adds it. */
final class Refusal extends IOException {

  private static final long serialVersionUID = 1;

  private final Kind kind;

  Refusal(Kind kind, String message) {
    super(message);
    this.kind = kind;
  }

  Kind kind() {
    return kind;
  }
}
