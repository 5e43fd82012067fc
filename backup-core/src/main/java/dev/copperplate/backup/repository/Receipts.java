package dev.copperplate.backup.repository;

import dev.copperplate.backup.ContentId;
import dev.copperplate.backup.Proof;
import dev.copperplate.backup.RunId;
import dev.copperplate.backup.Snapshot;
import dev.copperplate.backup.Verification;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** What verifications found, beside the repository. */
@SuppressWarnings({"UnusedVariable", "DoNotCallSuggester"})
final class Receipts {

  private final OpenRepository repository;
  private final RepositoryOptions options;

  Receipts(OpenRepository repository, RepositoryOptions options) {
    this.repository = repository;
    this.options = options;
  }

  /** The receipts of a content, oldest first. */
  List<Receipt> of(ContentId content) throws IOException {
    throw new UnsupportedOperationException();
  }

  /** Writes the receipt of a verification. */
  void write(Snapshot snapshot, RunId run, Verification verification) throws IOException {
    throw new UnsupportedOperationException();
  }

  /** How far a content is proved by receipts that count, whatever it depends on. */
  Optional<Proof> proof(ContentId content) throws IOException {
    throw new UnsupportedOperationException();
  }
}
