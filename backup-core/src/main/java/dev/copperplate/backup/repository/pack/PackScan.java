package dev.copperplate.backup.repository.pack;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import dev.copperplate.backup.ByteRange;
import dev.copperplate.backup.repository.crypto.DamagedContainerException;
import dev.copperplate.backup.repository.crypto.Sealer;
import dev.copperplate.backup.repository.format.BlobType;
import dev.copperplate.backup.repository.format.FormatException;
import dev.copperplate.backup.repository.format.PackEntry;
import dev.copperplate.backup.repository.format.PackHeader;
import dev.copperplate.backup.repository.format.Sha256;
import dev.copperplate.backup.repository.storage.ObjectKind;
import dev.copperplate.backup.repository.storage.ObjectStore;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Reads a pack once, from its first byte to its last, and says what is wrong with it: its name, its
 * header, and each blob that an index lists. One blob is in memory at a time, and the header. Not
 * thread-safe; holds native memory, and the buffers of the largest blob, until it is closed.
 */
public final class PackScan implements AutoCloseable {

  /** Beyond this nothing of a pack can be its header. */
  private static final int MAX_REST = PackHeader.MAX_SEALED + PackHeader.LENGTH_SIZE;

  private static final int BUFFER = 1 << 16;

  private final ObjectStore store;
  private final Sealer sealer;
  private final BlobOpener opener;
  private byte[] sealed = new byte[BUFFER];

  public PackScan(ObjectStore store) {
    this.store = store;
    this.sealer = store.sealer();
    this.opener = new BlobOpener(sealer);
  }

  /** A blob that is not what it should be. */
  public record BadBlob(PackEntry entry, String problem) {}

  /**
   * What was found.
   *
   * @param problems of the pack as a whole; empty if it has none
   * @param header what its header lists; null if that cannot be read
   * @param bad the listed blobs that are damaged
   * @param bytes how many it has
   */
  public record Result(
      List<String> problems, @Nullable List<PackEntry> header, List<BadBlob> bad, long bytes) {

    public boolean sound() {
      return problems.isEmpty() && bad.isEmpty();
    }
  }

  /**
   * Reads a pack.
   *
   * @param listed what indexes list in it, in any order, nothing twice; empty if they do not know
   *     it: then only its name and its header are looked at
   * @param progress told how many bytes more were read
   * @throws BackupException {@code NOT_FOUND} if it is not there
   */
  public Result read(Sha256 pack, List<PackEntry> listed, LongConsumer progress)
      throws IOException {
    List<String> problems = new ArrayList<>();
    List<BadBlob> bad = new ArrayList<>();
    List<PackEntry> sorted = new ArrayList<>(listed);
    sorted.sort(Comparator.comparingLong(PackEntry::offset).thenComparingLong(PackEntry::length));
    MessageDigest digest = sha256();
    long size;
    byte[] rest;
    try (InputStream in =
        new BufferedInputStream( // blobs can be small, and each would be a read of its own
            new DigestInputStream(store.open(ObjectKind.PACK, pack, ByteRange.ALL), digest),
            BUFFER)) {
      Position position = new Position(in, progress);
      for (PackEntry each : sorted) {
        String problem = look(position, each);
        if (problem != null) {
          bad.add(new BadBlob(each, problem));
        }
      }
      rest = position.rest();
      size = position.at;
    }
    if (!Sha256.of(digest.digest()).equals(pack)) {
      problems.add("its content does not match its name");
    }
    List<PackEntry> header = header(pack, size, rest);
    if (header == null) {
      problems.add("its header cannot be read");
    } else if (!listed.isEmpty() && !same(listed, header)) {
      problems.add("its header does not list what the index lists");
    }
    return new Result(problems, header, bad, size);
  }

  /** Whether two lists name the same places, in whatever order. */
  public static boolean same(List<PackEntry> listed, List<PackEntry> header) {
    Set<PackEntry> places = new HashSet<>(header);
    return places.size() == listed.size() && places.containsAll(listed);
  }

  private @Nullable String look(Position position, PackEntry entry) throws IOException {
    int max =
        (entry.type() == BlobType.TREE ? BlobOpener.MAX_TREE : BlobOpener.MAX_DATA)
            + Sealer.OVERHEAD;
    if (entry.offset() < position.at) {
      return "the index lets it overlap with another";
    }
    if (entry.length() < Sealer.OVERHEAD || entry.length() > max) {
      return "the index gives it " + entry.length() + " stored bytes";
    }
    position.skipTo(entry.offset());
    try {
      int length = (int) entry.length();
      byte[] sealed = position.read(length);
      if (position.at < entry.offset() + length) {
        return "the pack ends before it";
      }
      opener.check(entry.type(), entry.id(), sealed, length, entry.plainLength());
      return null;
    } catch (FormatException broken) {
      return String.valueOf(broken.getMessage());
    } catch (OutOfMemoryError tooLarge) {
      // One array that did not fit: nothing else is lost.
      throw new BackupException(
          Kind.UNSUPPORTED,
          "A blob of "
              + entry.length()
              + " stored bytes does not fit into the memory of this process: give it a larger heap",
          tooLarge);
    }
  }

  /** Most often the rest of the pack is the header; if an index lists too little, it is behind. */
  private @Nullable List<PackEntry> header(Sha256 pack, long size, byte[] rest) throws IOException {
    try {
      int end = rest.length - PackHeader.LENGTH_SIZE;
      if (end <= 0 || PackHeader.decodeLength(rest, end) != end) {
        return PackDirectory.read(store, pack, size);
      }
      byte[] plain = new byte[end - Sealer.OVERHEAD];
      sealer.open(rest, 0, end, plain, 0);
      List<PackEntry> entries = PackHeader.decode(plain);
      return PackHeader.packSize(entries) == size ? entries : null;
    } catch (FormatException | DamagedContainerException broken) {
      return null;
    } catch (BackupException unreadable) {
      if (unreadable.kind() == Kind.DAMAGED) {
        return null;
      }
      throw unreadable;
    }
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException("Every JDK has SHA-256", impossible);
    }
  }

  @Override
  public void close() {
    opener.close();
  }

  /** How far the pack was read. */
  private final class Position {

    private final InputStream in;
    private final LongConsumer progress;
    private final byte[] skipped = new byte[BUFFER];
    private long at;

    Position(InputStream in, LongConsumer progress) {
      this.in = in;
      this.progress = progress;
    }

    /** Reads on without keeping: what is skipped counts for the hash. */
    void skipTo(long offset) throws IOException {
      while (at < offset) {
        int n = in.read(skipped, 0, (int) Math.min(BUFFER, offset - at));
        if (n < 0) {
          return;
        }
        advance(n);
      }
    }

    /** The next bytes, as many as there are, at the front of an array that is used again. */
    byte[] read(int length) throws IOException {
      if (length > BlobOpener.TRUSTED_SIZE) {
        byte[] huge = in.readNBytes(length);
        advance(huge.length);
        return huge;
      }
      if (sealed.length < length) {
        sealed = new byte[Math.max(length, Math.min(2 * sealed.length, BlobOpener.TRUSTED_SIZE))];
      }
      advance(in.readNBytes(sealed, 0, length));
      return sealed;
    }

    /** What is left, if that can be a header; the end of the pack is reached in any case. */
    byte[] rest() throws IOException {
      byte[] rest = in.readNBytes(MAX_REST);
      advance(rest.length);
      long before = at;
      skipTo(Long.MAX_VALUE);
      return at == before ? rest : new byte[0];
    }

    private void advance(int more) {
      at += more;
      progress.accept(more);
    }
  }
}
