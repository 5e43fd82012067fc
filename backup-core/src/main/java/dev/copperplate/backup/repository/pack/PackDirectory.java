package dev.copperplate.backup.repository.pack;

import dev.copperplate.backup.ByteRange;
import dev.copperplate.backup.repository.crypto.DamagedContainerException;
import dev.copperplate.backup.repository.format.FormatException;
import dev.copperplate.backup.repository.format.PackEntry;
import dev.copperplate.backup.repository.format.PackHeader;
import dev.copperplate.backup.repository.format.Sha256;
import dev.copperplate.backup.repository.storage.ObjectKind;
import dev.copperplate.backup.repository.storage.ObjectStore;
import dev.copperplate.backup.repository.storage.StoredObject;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;

/** Reads what a stored pack says that it holds: the header at its end. */
public final class PackDirectory {

  private static final int TRAILER = PackHeader.LENGTH_SIZE;

  private PackDirectory() {}

  /**
   * The entries of a pack.
   *
   * @throws dev.copperplate.backup.BackupException {@code DAMAGED} if the header does not
   *     authenticate or does not fit the size of the pack
   */
  public static List<PackEntry> read(ObjectStore store, StoredObject pack) throws IOException {
    return read(store, pack.id(), pack.size());
  }

  /** The same of a pack with a size that is known from elsewhere. */
  public static List<PackEntry> read(ObjectStore store, Sha256 pack, long size) throws IOException {
    try {
      byte[] trailer = read(store, pack, size - TRAILER, size, TRAILER);
      int length = PackHeader.decodeLength(trailer, 0);
      long end = size - TRAILER;
      byte[] header = read(store, pack, end - length, end, length);
      List<PackEntry> entries = PackHeader.decode(store.sealer().open(header));
      if (PackHeader.packSize(entries) != size) {
        throw new FormatException("its blobs do not add up to its size");
      }
      return entries;
    } catch (FormatException | DamagedContainerException broken) {
      throw store.damaged(ObjectKind.PACK, pack, broken.getMessage(), broken);
    }
  }

  private static byte[] read(ObjectStore store, Sha256 id, long from, long to, int length)
      throws IOException {
    if (from < 0) {
      throw new FormatException("it is too short for a pack");
    }
    try (InputStream in = store.open(ObjectKind.PACK, id, new ByteRange(from, to))) {
      byte[] bytes = in.readNBytes(length);
      if (bytes.length != length) {
        throw new FormatException("it is shorter than listed");
      }
      return bytes;
    }
  }
}
