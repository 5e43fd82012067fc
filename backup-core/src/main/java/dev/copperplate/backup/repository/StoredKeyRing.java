package dev.copperplate.backup.repository;

import java.io.IOException;
import java.util.List;

/** The key files below {@code keys/}. */
@SuppressWarnings({"UnusedVariable", "DoNotCallSuggester"})
final class StoredKeyRing implements KeyRing {

  private final OpenRepository repository;
  private final RepositoryOptions options;
  private final RepositoryKeys.Opened opened;

  StoredKeyRing(
      OpenRepository repository, RepositoryOptions options, RepositoryKeys.Opened opened) {
    this.repository = repository;
    this.options = options;
    this.opened = opened;
  }

  @Override
  public List<String> ids() throws IOException {
    throw new UnsupportedOperationException();
  }

  @Override
  public String current() {
    throw new UnsupportedOperationException();
  }

  @Override
  public String add(Passwords password) throws IOException, InterruptedException {
    throw new UnsupportedOperationException();
  }

  @Override
  public void remove(String id) throws IOException, InterruptedException {
    throw new UnsupportedOperationException();
  }

  @Override
  public String change(Passwords password) throws IOException, InterruptedException {
    throw new UnsupportedOperationException();
  }
}
