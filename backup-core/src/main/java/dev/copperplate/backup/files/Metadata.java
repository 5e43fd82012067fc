package dev.copperplate.backup.files;

import dev.copperplate.backup.Attributes;
import dev.copperplate.backup.Entry;
import dev.copperplate.backup.RawName;
import dev.copperplate.backup.files.OpenDirectory.Owners;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;

/**
 * Gives what was restored its metadata. What fails costs that piece of metadata alone, and is
 * counted. Thread-safe.
 */
final class Metadata {

  private static final int PRIVILEGES = 06000;
  private static final int OWNER = 0700;
  private static final LinkOption[] FOLLOW = {};

  private final RestoreChoices options;
  private final Losses losses;

  Metadata(RestoreChoices options, Losses losses) {
    this.options = options;
    this.losses = losses;
  }

  /**
   * Sets everything of a file or directory. Permissions come last: they may lock us out, and a
   * change of owner takes setuid away.
   */
  void apply(Path path, Entry entry) {
    extended(path, entry);
    finish(path, entry);
  }

  /**
   * The same for a file that was just made. In a directory of ours nobody can have put a link in
   * its place: that saves the JDK looking, and opening the file for each thing that it sets.
   */
  void applyToNew(OpenDirectory directory, RawName name, Entry entry) {
    Path path = directory.path(name);
    if (!directory.isOurs()) {
      apply(path, entry);
      return;
    }
    extended(path, entry);
    times(path, entry, FOLLOW);
    if (!options.owners() || !belongs(directory, name, entry.attributes())) {
      owners(path, entry);
    }
    permissions(path, entry, FOLLOW);
  }

  /** Whether a new file belongs to whom it should without being given to anybody. */
  private static boolean belongs(OpenDirectory directory, RawName name, Attributes wanted) {
    try {
      return directory.owners(name).equals(new Owners(wanted.uid(), wanted.gid()));
    } catch (IOException unknown) {
      return false;
    }
  }

  /** The same for what existed before, which may have extended attributes of its own. */
  void applyAgain(Path path, Entry entry) {
    removeExtended(path, entry);
    apply(path, entry);
  }

  /** Lets the owner write into an existing directory; its permissions follow at the end. */
  void openUp(Path directory) throws IOException {
    int bits = (int) Files.getAttribute(directory, "unix:mode", LinkOption.NOFOLLOW_LINKS) & 07777;
    if ((bits & OWNER) != OWNER) {
      // If it is somebody else's, what is to be made in it will say so.
      set(directory, "unix:mode", bits | OWNER, LinkOption.NOFOLLOW_LINKS);
    }
  }

  private void finish(Path path, Entry entry) {
    times(path, entry, LinkOption.NOFOLLOW_LINKS);
    owners(path, entry);
    permissions(path, entry, LinkOption.NOFOLLOW_LINKS);
  }

  /** Sets what a symbolic link has. */
  void applyToLink(Path path, Entry entry) {
    if (!entry.attributes().extended().isEmpty()) {
      losses.add(Loss.ATTRIBUTES_UNREACHABLE, entry.path());
    }
    times(path, entry, LinkOption.NOFOLLOW_LINKS);
    owners(path, entry);
    if (isCut(path, entry.attributes().modified())) {
      losses.add(Loss.LINK_TIMES_CUT, entry.path());
    }
  }

  /** JDK 17 cuts the times of links to microseconds, JDK 25 does not. */
  private static boolean isCut(Path link, Instant modified) {
    if (modified.equals(modified.truncatedTo(ChronoUnit.MICROS))) {
      return false;
    }
    try {
      FileTime time = Files.getLastModifiedTime(link, LinkOption.NOFOLLOW_LINKS);
      return !time.toInstant().equals(modified);
    } catch (IOException vanished) {
      return false;
    }
  }

  private void extended(Path path, Entry entry) {
    for (Map.Entry<String, RawName> each : entry.attributes().extended().entrySet()) {
      if (!each.getKey().startsWith(ExtendedAttributes.PREFIX)) {
        losses.add(Loss.ATTRIBUTES_UNREACHABLE, entry.path());
        continue;
      }
      try {
        ExtendedAttributes.write(path, each.getKey(), each.getValue());
      } catch (IOException | RuntimeException refused) {
        losses.add(Loss.ATTRIBUTES_REFUSED, entry.path());
      }
    }
  }

  private void removeExtended(Path path, Entry entry) {
    try {
      for (String name : ExtendedAttributes.read(path).keySet()) {
        if (!entry.attributes().extended().containsKey(name)) {
          ExtendedAttributes.delete(path, name);
        }
      }
    } catch (IOException | RuntimeException refused) {
      losses.add(Loss.ATTRIBUTES_REFUSED, entry.path());
    }
  }

  private void times(Path path, Entry entry, LinkOption... links) {
    Attributes attributes = entry.attributes();
    try {
      Files.getFileAttributeView(path, BasicFileAttributeView.class, links)
          .setTimes(
              FileTime.from(attributes.modified()), FileTime.from(attributes.accessed()), null);
    } catch (IOException | RuntimeException refused) {
      losses.add(Loss.TIMES_REFUSED, entry.path());
    }
  }

  private void owners(Path path, Entry entry) {
    if (!options.owners()) {
      losses.add(Loss.OWNERS_NOT_ASKED, entry.path());
      return;
    }
    boolean group =
        set(path, "unix:gid", (int) entry.attributes().gid(), LinkOption.NOFOLLOW_LINKS);
    boolean user = set(path, "unix:uid", (int) entry.attributes().uid(), LinkOption.NOFOLLOW_LINKS);
    if (!group || !user) {
      losses.add(Loss.OWNERS_REFUSED, entry.path());
    }
  }

  private void permissions(Path path, Entry entry, LinkOption... links) {
    int bits = entry.attributes().permissions();
    if (!options.privileged() && (bits & PRIVILEGES) != 0) {
      losses.add(Loss.PRIVILEGES_NOT_ASKED, entry.path());
      bits &= ~PRIVILEGES;
    }
    if (!set(path, "unix:mode", bits, links)) {
      losses.add(Loss.PERMISSIONS_REFUSED, entry.path());
    }
  }

  private static boolean set(Path path, String attribute, int value, LinkOption... links) {
    try {
      Files.setAttribute(path, attribute, value, links);
      return true;
    } catch (IOException | RuntimeException refused) {
      return false;
    }
  }
}
