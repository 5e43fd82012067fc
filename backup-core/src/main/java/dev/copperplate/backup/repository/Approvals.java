package dev.copperplate.backup.repository;

import java.io.IOException;
import java.util.List;

/** Who agrees to the removal of which snapshots, beside the repository. */
@SuppressWarnings({"UnusedVariable", "DoNotCallSuggester"})
final class Approvals {

  private final OpenRepository repository;

  Approvals(OpenRepository repository) {
    this.repository = repository;
  }

  /** Keeps an approval. */
  void add(Approval approval) throws IOException {
    throw new UnsupportedOperationException();
  }

  /** All that are stored, whether they still count or not. */
  List<Approval> all() throws IOException {
    throw new UnsupportedOperationException();
  }
}
