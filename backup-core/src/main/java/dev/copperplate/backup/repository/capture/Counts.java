package dev.copperplate.backup.repository.capture;

/**
 * What a capture has counted, against the previous snapshot.
 *
 * @param files all files of the snapshot
 * @param bytes all their bytes
 */
public record Counts(
    long filesNew,
    long filesChanged,
    long filesUnmodified,
    long directoriesNew,
    long directoriesChanged,
    long directoriesUnmodified,
    long files,
    long bytes) {

  static final Counts NONE = new Counts(0, 0, 0, 0, 0, 0, 0, 0);

  static Counts directory(boolean known, boolean same) {
    return new Counts(0, 0, 0, known ? 0 : 1, known && !same ? 1 : 0, same ? 1 : 0, 0, 0);
  }

  static Counts file(boolean known, boolean same, long bytes) {
    return new Counts(known ? 0 : 1, known && !same ? 1 : 0, same ? 1 : 0, 0, 0, 0, 1, bytes);
  }

  Counts plus(Counts other) {
    return new Counts(
        filesNew + other.filesNew,
        filesChanged + other.filesChanged,
        filesUnmodified + other.filesUnmodified,
        directoriesNew + other.directoriesNew,
        directoriesChanged + other.directoriesChanged,
        directoriesUnmodified + other.directoriesUnmodified,
        files + other.files,
        bytes + other.bytes);
  }
}
