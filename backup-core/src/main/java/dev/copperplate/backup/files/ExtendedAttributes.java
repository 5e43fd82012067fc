package dev.copperplate.backup.files;

import dev.copperplate.backup.RawName;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.UserDefinedFileAttributeView;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The extended attributes {@code user.*} of files and directories. The JDK reaches no others, and
 * none of symbolic links, which Linux does not give any of these.
 */
final class ExtendedAttributes {

  /** How the JDK's view leaves the namespace out. */
  static final String PREFIX = "user.";

  private ExtendedAttributes() {}

  /**
   * Reads them by their full names.
   *
   * @throws IOException if the file cannot be opened, or one cannot be read
   */
  static Map<String, RawName> read(Path path) throws IOException {
    UserDefinedFileAttributeView view = view(path);
    if (view == null) {
      return Map.of();
    }
    Map<String, RawName> all = new TreeMap<>();
    for (String name : view.list()) {
      ByteBuffer value = ByteBuffer.allocate(view.size(name));
      view.read(name, value);
      byte[] bytes = new byte[value.flip().remaining()];
      value.get(bytes);
      all.put(PREFIX + name, RawName.of(bytes));
    }
    return all;
  }

  /** Sets one, or fails because the file system has none. */
  static void write(Path path, String fullName, RawName value) throws IOException {
    UserDefinedFileAttributeView view = view(path);
    if (view == null) {
      throw new IOException("The file system has no extended attributes");
    }
    view.write(fullName.substring(PREFIX.length()), ByteBuffer.wrap(value.toByteArray()));
  }

  static void delete(Path path, String fullName) throws IOException {
    UserDefinedFileAttributeView view = view(path);
    if (view != null) {
      view.delete(fullName.substring(PREFIX.length()));
    }
  }

  private static @Nullable UserDefinedFileAttributeView view(Path path) {
    return Files.getFileAttributeView(
        path, UserDefinedFileAttributeView.class, LinkOption.NOFOLLOW_LINKS);
  }
}
