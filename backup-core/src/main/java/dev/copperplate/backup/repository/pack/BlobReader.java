package dev.copperplate.backup.repository.pack;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import dev.copperplate.backup.repository.crypto.Sealer;
import dev.copperplate.backup.repository.format.BlobType;
import dev.copperplate.backup.repository.format.FormatException;
import dev.copperplate.backup.repository.format.Sha256;
import dev.copperplate.backup.repository.index.BlobLocation;
import dev.copperplate.backup.repository.index.StoredIndex;
import dev.copperplate.backup.repository.run.Buffers;
import dev.copperplate.backup.repository.storage.ObjectKind;
import dev.copperplate.backup.repository.storage.ObjectStore;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/** Fetches blobs, authenticated and compared with their ids. Thread-safe. */
public final class BlobReader implements AutoCloseable {

  private static final Sha256 EMPTY = Sha256.hash(new byte[0]);
  private static final long IDLE_MEMORY = 16L << 20;

  private final ObjectStore store;
  private final BlobLookup lookup;
  private final Buffers buffers = new Buffers(IDLE_MEMORY);
  private final PackReads packs;
  private final ConcurrentLinkedQueue<BlobOpener> openers = new ConcurrentLinkedQueue<>();

  private BlobReader(ObjectStore store, BlobLookup lookup) {
    this.store = store;
    this.lookup = lookup;
    this.packs = new PackReads(store, buffers);
  }

  /** A reader that believes the indexes, until a pack that it wants is not there. */
  public static BlobReader of(ObjectStore store, StoredIndex index) {
    return new BlobReader(store, BlobLookup.of(index));
  }

  /** A reader for which what lies in packs that are not there is missing, without reading it. */
  public static BlobReader ofPresentPacks(ObjectStore store, StoredIndex index) throws IOException {
    return new BlobReader(store, BlobLookup.ofPresentPacks(index, store));
  }

  /**
   * Another reader of the same blobs. A reader keeps the memory that it needed, some MiB, for what
   * it reads next: whoever has much to read takes one and closes it.
   */
  public BlobReader another() {
    return new BlobReader(store, lookup);
  }

  /**
   * The content of a blob. If several packs hold it, each is tried.
   *
   * @throws BackupException {@code MISSING} if no pack that holds it is there, {@code DAMAGED} if
   *     none gives it whole
   */
  public byte[] read(BlobType type, Sha256 id) throws IOException {
    return read(type, id, array(type, id));
  }

  /** The content of a blob as one pack alone has it. */
  public byte[] read(BlobType type, Sha256 id, BlobLocation place) throws IOException {
    return read(type, id, place, array(type, id));
  }

  /** The same as {@link #read}, in memory that is used again after {@link #release}. */
  public BlobContent open(BlobType type, Sha256 id) throws IOException {
    return read(
        type,
        id,
        (opener, container, length, from) ->
            opener.open(type, id, container, length, from, buffers::take));
  }

  /** Takes back what {@link #open} gave, from its only owner, who forgets it. */
  public void release(BlobContent content) {
    buffers.give(content.bytes());
  }

  /** The same, but as it is stored: what it takes to store it elsewhere. */
  public StoredBlob readStored(BlobType type, Sha256 id) throws IOException {
    return read(
        type,
        id,
        (opener, container, length, from) -> opener.openStored(type, id, container, length, from));
  }

  /** How a sealed blob is opened. */
  @FunctionalInterface
  private interface Opening<T> {
    T open(BlobOpener opener, byte[] sealed, int length, long compressedFrom)
        throws FormatException;
  }

  private static Opening<byte[]> array(BlobType type, Sha256 id) {
    return (opener, container, length, from) ->
        opener.open(type, id, container, length, from, byte[]::new).bytes();
  }

  /** How something is found out. */
  @FunctionalInterface
  private interface Asking<T> {
    T now() throws IOException;
  }

  private <T> T read(BlobType type, Sha256 id, Opening<T> opening) throws IOException {
    return patiently(type, id, () -> readNow(type, id, opening));
  }

  /** Once more with indexes that are read anew, and then with earlier versions of packs. */
  private <T> T patiently(BlobType type, Sha256 id, Asking<T> asking) throws IOException {
    BackupException failure;
    try {
      return asking.now();
    } catch (BackupException first) {
      failure = first;
    }
    if (failure.kind() == Kind.MISSING && lookup.lookAgain()) {
      try {
        return asking.now();
      } catch (BackupException second) {
        failure = second;
      }
    }
    if (isBroken(failure) && findSubstitutes(type, id)) {
      return asking.now();
    }
    throw failure;
  }

  private static boolean isBroken(BackupException failure) {
    return failure.kind() == Kind.MISSING || failure.kind() == Kind.DAMAGED;
  }

  private boolean findSubstitutes(BlobType type, Sha256 id) throws IOException {
    boolean any = false;
    for (BlobLocation each : lookup.view().blobs().locations(type, id)) {
      if (store.substitutes().find(ObjectKind.PACK, each.pack())) {
        packs.forget(each);
        any = true;
      }
    }
    return any;
  }

  private <T> T readNow(BlobType type, Sha256 id, Opening<T> opening) throws IOException {
    List<BlobLocation> places = lookup.view().blobs().locations(type, id);
    BackupException failure = null;
    for (BlobLocation place : places) {
      try {
        return read(type, id, place, opening);
      } catch (BackupException unreadable) {
        if (!isBroken(unreadable)) {
          throw unreadable;
        }
        failure = worse(failure, unreadable);
      }
    }
    throw failure == null ? notIndexed(type, id) : failure;
  }

  /**
   * The size of a blob's content. Where indexes contradict each other, the blob is read.
   *
   * @throws BackupException {@code MISSING} if no index lists it, or no pack that holds it is
   *     there; {@code DAMAGED} if what the index says cannot be
   */
  public long plainLength(BlobType type, Sha256 id) throws IOException {
    return patiently(type, id, () -> plainLengthNow(type, id));
  }

  private long plainLengthNow(BlobType type, Sha256 id) throws IOException {
    BlobLookup.View view = lookup.view();
    List<BlobLocation> places = view.blobs().locations(type, id);
    if (places.isEmpty()) {
      throw notIndexed(type, id);
    }
    if (places.stream().noneMatch(each -> isPresent(view, each))) {
      throw gone(type, id, places.get(0), null);
    }
    long length = places.get(0).plainLength();
    for (BlobLocation each : places) {
      if (each.plainLength() != length) {
        return readNow(type, id, array(type, id)).length;
      }
    }
    // Nothing is read of a blob without bytes, so nobody else would notice.
    if (length < 0 || length == 0 && !id.equals(EMPTY)) {
      throw new BackupException(
          Kind.DAMAGED,
          name(type, id)
              + " has an impossible size in an index of "
              + store.target().description()
              + ". If packs are whole, `restic repair index` finds the right one");
    }
    return length;
  }

  private boolean isPresent(BlobLookup.View view, BlobLocation place) {
    return view.present().test(place.packNumber())
        || store.substitutes().has(ObjectKind.PACK.key(place.pack()));
  }

  private static BackupException worse(@Nullable BackupException earlier, BackupException later) {
    if (earlier == null) {
      return later;
    }
    BackupException worse = later.kind() == Kind.DAMAGED ? later : earlier;
    worse.addSuppressed(worse == later ? earlier : later);
    return worse;
  }

  private BackupException notIndexed(BlobType type, Sha256 id) {
    return new BackupException(
        Kind.MISSING,
        name(type, id)
            + " is in no index of "
            + store.target().description()
            + ". If packs are"
            + " whole, `restic repair index` finds it again");
  }

  private static String name(BlobType type, Sha256 id) {
    return (type == BlobType.TREE ? "Directory blob " : "Data blob ") + id;
  }

  private <T> T read(BlobType type, Sha256 id, BlobLocation place, Opening<T> opening)
      throws IOException {
    try {
      requirePossible(type, place);
      BlobContent sealed = packs.read(place);
      if (sealed.length() < place.length()) {
        throw new FormatException("the pack ends before it");
      }
      BlobOpener opener = openers.poll();
      if (opener == null) {
        opener = new BlobOpener(store.sealer());
      }
      try {
        return opening.open(opener, sealed.bytes(), sealed.length(), place.compressedFrom());
      } finally {
        openers.add(opener);
        release(sealed);
      }
    } catch (OutOfMemoryError tooLarge) {
      // One array that did not fit: nothing else is lost.
      throw new BackupException(
          Kind.UNSUPPORTED,
          where(type, id, place)
              + " has "
              + place.plainLength()
              + " bytes, more than fit into the memory of this process: give it a larger heap",
          tooLarge);
    } catch (FormatException broken) {
      packs.forget(place);
      throw new BackupException(
          Kind.DAMAGED,
          where(type, id, place)
              + " is damaged: "
              + broken.getMessage()
              + ". Restore the pack from a replica if there"
              + " is one",
          broken);
    } catch (BackupException failure) {
      throw failure.kind() == Kind.NOT_FOUND ? gone(type, id, place, failure) : failure;
    }
  }

  private BackupException gone(
      BlobType type, Sha256 id, BlobLocation place, @Nullable Throwable cause) {
    return new BackupException(
        Kind.MISSING,
        name(type, id)
            + " cannot be read: "
            + store.describe(ObjectKind.PACK, place.pack())
            + " is gone. Restore the pack from a replica if there is one",
        cause);
  }

  private String where(BlobType type, Sha256 id, BlobLocation place) {
    return name(type, id) + " in " + store.describe(ObjectKind.PACK, place.pack());
  }

  private static void requirePossible(BlobType type, BlobLocation place) throws FormatException {
    int max = (type == BlobType.TREE ? BlobOpener.MAX_TREE : BlobOpener.MAX_DATA) + Sealer.OVERHEAD;
    if (place.length() < Sealer.OVERHEAD || place.length() > max) {
      throw new FormatException("the index gives it " + place.length() + " stored bytes");
    }
  }

  @Override
  public void close() {
    for (BlobOpener opener = openers.poll(); opener != null; opener = openers.poll()) {
      opener.close();
    }
  }
}
