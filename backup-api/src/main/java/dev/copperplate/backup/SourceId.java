package dev.copperplate.backup;

import java.util.regex.Pattern;

/**
 * Names a system that is backed up.
 *
 * <p>Stock restic shows it as the path {@code /<type>/<name>}. Sources of plain files have the type
 * {@value #FILES}, and their name is the absolute paths themselves, joined by a colon.
 *
 * @param type what kind of system: lower-case letters, digits and hyphens, such as {@code postgres}
 * @param name which one; no control characters, and no slash unless these are plain files
 */
public record SourceId(String type, String name) {

  /** The type of plain files. */
  public static final String FILES = "files";

  private static final Pattern TYPE = Pattern.compile("[a-z][a-z0-9-]*");

  public SourceId {
    if (!TYPE.matcher(type).matches()) {
      throw new IllegalArgumentException(
          "A source type is lower-case letters, digits and hyphens: " + type);
    }
    if (name.isBlank() || name.chars().anyMatch(Character::isISOControl)) {
      throw new IllegalArgumentException("A source needs a name without control characters");
    }
    if (!type.equals(FILES) && (name.indexOf('/') >= 0 || name.equals(".") || name.equals(".."))) {
      throw new IllegalArgumentException("The name of a source is one plain word: " + name);
    }
  }

  @Override
  public String toString() {
    return type + ":" + name;
  }
}
