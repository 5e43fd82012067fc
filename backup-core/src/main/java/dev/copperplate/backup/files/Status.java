package dev.copperplate.backup.files;

import dev.copperplate.backup.Attributes;
import dev.copperplate.backup.Entry;
import dev.copperplate.backup.EntryType;
import dev.copperplate.backup.RawName;
import java.util.Map;

/**
 * What the file system says of one name, without following a link.
 *
 * @param size bytes of a regular file, 0 for everything else
 * @param deviceNumber {@code st_rdev} of a device, 0 for everything else
 * @param attributes without extended attributes, which cost another call
 */
record Status(EntryType type, long size, long deviceNumber, Attributes attributes) {

  boolean isDirectory() {
    return type == EntryType.DIRECTORY;
  }

  /** Whether it is the same object of the file system. */
  boolean isSameFileAs(Status other) {
    return type == other.type
        && attributes.inode() == other.attributes.inode()
        && attributes.device() == other.attributes.device();
  }

  /** Whether a file has not been written to since. */
  boolean hasContentOf(Status earlier) {
    return isSameFileAs(earlier)
        && size == earlier.size
        && attributes.modified().equals(earlier.attributes.modified());
  }

  /** Whether even the metadata is as it was: then the extended attributes are, too. */
  boolean hasMetadataOf(Entry earlier) {
    return type == earlier.type()
        && attributes.inode() == earlier.attributes().inode()
        && attributes.changed().equals(earlier.attributes().changed());
  }

  Attributes with(Map<String, RawName> extended) {
    if (extended.isEmpty()) {
      return attributes;
    }
    Attributes a = attributes;
    return new Attributes(
        a.permissions(),
        a.modified(),
        a.accessed(),
        a.changed(),
        a.uid(),
        a.gid(),
        a.user(),
        a.group(),
        a.inode(),
        a.device(),
        a.links(),
        extended);
  }
}
