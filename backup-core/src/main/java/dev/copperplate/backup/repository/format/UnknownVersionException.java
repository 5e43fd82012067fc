package dev.copperplate.backup.repository.format;

/** The repository is of a version that came after this library. */
public final class UnknownVersionException extends FormatException {

  private static final long serialVersionUID = 1;

  UnknownVersionException(int version) {
    super(
        "Repository version "
            + version
            + " is not known, only versions up to "
            + RepositoryConfig.CURRENT_VERSION
            + " are");
  }
}
