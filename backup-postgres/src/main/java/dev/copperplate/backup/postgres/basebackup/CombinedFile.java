package dev.copperplate.backup.postgres.basebackup;

import dev.copperplate.backup.BackupException;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A file that is put together from a chain of base backups, as {@code pg_combinebackup} does: its
 * length is what the newest incremental says, each block comes from the newest file that holds it,
 * and blocks that nobody holds are zeros.
 *
 * <p>Memory: five bytes for each of at most 131,072 blocks, and what the open streams of the files
 * take. Immutable and thread-safe; {@link #open} may be called again.
 */
public final class CombinedFile {

  private static final byte NOWHERE = -1;

  private final List<BlockSource> files;
  private final byte[] sources;
  private final int[] indexes;
  private final List<IncrementalFile> headers;

  private CombinedFile(
      List<BlockSource> files, List<IncrementalFile> headers, byte[] sources, int[] indexes) {
    this.files = files;
    this.headers = headers;
    this.sources = sources;
    this.indexes = indexes;
  }

  /** The most files that can be combined to one. */
  public static final int MOST_FILES = 127;

  /**
   * How long the whole file will be.
   *
   * @param newest the newest incremental
   */
  public static long size(BlockSource newest) throws IOException {
    return (long) IncrementalFile.read(newest).length() * IncrementalFile.BLOCK;
  }

  /**
   * Reads the headers of the incrementals and decides whence each block comes.
   *
   * @param incrementals newest first, at least one
   * @param whole the file of the newest base before them that has it whole
   * @throws BackupException {@code DAMAGED} if one is no incremental file
   */
  public static CombinedFile of(List<BlockSource> incrementals, BlockSource whole)
      throws IOException {
    if (incrementals.isEmpty() || incrementals.size() >= MOST_FILES) {
      throw new IllegalArgumentException("Not a chain: " + incrementals.size() + " incrementals");
    }
    List<IncrementalFile> headers = new ArrayList<>();
    for (BlockSource each : incrementals) {
      headers.add(IncrementalFile.read(each));
    }
    int length = headers.get(0).length();
    byte[] sources = new byte[length];
    int[] indexes = new int[length];
    Arrays.fill(sources, NOWHERE);
    for (int i = 0; i < headers.size(); i++) {
      claim(headers.get(i), (byte) i, sources, indexes);
    }
    List<BlockSource> files = new ArrayList<>(incrementals);
    claimRest(whole, (byte) files.size(), sources);
    files.add(whole);
    return new CombinedFile(List.copyOf(files), List.copyOf(headers), sources, indexes);
  }

  private static void claim(IncrementalFile header, byte source, byte[] sources, int[] indexes) {
    for (int i = 0; i < header.count(); i++) {
      int block = header.block(i);
      if (block < sources.length && sources[block] == NOWHERE) {
        sources[block] = source;
        indexes[block] = i;
      }
    }
  }

  private static void claimRest(BlockSource whole, byte source, byte[] sources) {
    long blocks = Math.min(sources.length, whole.size() / IncrementalFile.BLOCK);
    for (int block = 0; block < blocks; block++) {
      sources[block] = sources[block] == NOWHERE ? source : sources[block];
    }
  }

  /** Bytes. */
  public long size() {
    return (long) sources.length * IncrementalFile.BLOCK;
  }

  /** The whole file. The caller closes the stream. */
  public InputStream open() {
    return new CombinedStream(this);
  }

  int blocks() {
    return sources.length;
  }

  int files() {
    return files.size();
  }

  BlockSource file(int index) {
    return files.get(index);
  }

  /** From which file the block comes; -1 if it is zeros. */
  int source(int block) {
    return sources[block];
  }

  /** Where in its file the block lies. */
  long offset(int block) {
    int source = sources[block];
    return source < headers.size()
        ? headers.get(source).offset(indexes[block])
        : (long) block * IncrementalFile.BLOCK;
  }
}
