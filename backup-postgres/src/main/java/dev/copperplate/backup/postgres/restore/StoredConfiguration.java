package dev.copperplate.backup.postgres.restore;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * A {@code postgresql.conf} that lay in the data directory. It may name places of the machine that
 * it comes from. Every byte is a character: paths need not be text.
 *
 * @see <a href="https://www.postgresql.org/docs/17/runtime-config-file-locations.html">PostgreSQL,
 *     "File Locations"</a>
 */
final class StoredConfiguration {

  static final String NAME = "postgresql.conf";

  /** With one of these a server that is given a directory starts on another, or may. */
  private static final Set<String> ELSEWHERE =
      Set.of("data_directory", "include", "include_if_exists", "include_dir");

  private static final Set<String> FILES = Set.of("hba_file", "ident_file");

  private final String text;
  private final Set<String> names;

  private StoredConfiguration(String text) {
    this.text = text;
    this.names = text.lines().map(StoredConfiguration::nameIn).collect(Collectors.toSet());
  }

  static StoredConfiguration parse(byte[] content) {
    return new StoredConfiguration(new String(content, StandardCharsets.ISO_8859_1));
  }

  /** The server takes a name in any case, and a blank for the equals sign. */
  static String nameIn(String line) {
    return line.strip().split("[\\s=]", 2)[0].toLowerCase(Locale.ROOT);
  }

  /** Whether a server that is started on its directory could run on another one. */
  boolean leadsElsewhere() {
    return names.stream().anyMatch(ELSEWHERE::contains);
  }

  /** The text with this data directory, which the server reads last. */
  byte[] at(Path data) {
    String place =
        "\n# Written when this directory was restored: what is above leads elsewhere, or may.\n"
            + "data_directory = "
            + RecoverySettings.quoted(RecoverySettings.latin(data))
            + "\n";
    return (text + place).getBytes(StandardCharsets.ISO_8859_1);
  }

  /** The settings by which files of access rules are taken from where the lost server had them. */
  Set<String> filesElsewhere() {
    return names.stream().filter(FILES::contains).collect(Collectors.toCollection(TreeSet::new));
  }
}
