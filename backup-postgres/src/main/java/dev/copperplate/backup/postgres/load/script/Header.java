package dev.copperplate.backup.postgres.load.script;

import java.util.ArrayList;
import java.util.List;

/**
 * What pg_dump says of the object of a statement in the comment before it. It puts names there as
 * they are, but for line ends, so that a name can look like the rest of a header: then there are
 * several readings.
 */
public final class Header {

  /** Before the first. */
  public static final Header NONE = new Header("", List.of());

  private static final String NAME = "-- Name: ";
  private static final String TYPE = "; Type: ";
  private static final String SCHEMA = "; Schema: ";
  private static final String OWNER = "; Owner: ";
  private static final int SHOWN = 160;
  private static final int MAX_READINGS = 64;

  private final String line;
  private final List<Reading> readings;

  /**
   * What it can mean.
   *
   * @param schema {@code -} if it is in none
   */
  public record Reading(String name, String type, String schema) {}

  private Header(String line, List<Reading> readings) {
    this.line = line;
    this.readings = List.copyOf(readings);
  }

  /** The header that a comment is, else the one before. */
  static Header read(String comment, Header before) {
    if (!comment.startsWith(NAME)) {
      return before;
    }
    List<Reading> readings = new ArrayList<>();
    for (int type = comment.indexOf(TYPE); type >= 0; type = comment.indexOf(TYPE, type + 1)) {
      int schema = comment.indexOf(SCHEMA, type);
      String kind = schema < 0 ? "" : comment.substring(type + TYPE.length(), schema);
      if (kind.matches("[A-Z ]+")) {
        read(comment, type, kind, schema, readings);
      }
    }
    return new Header(comment, readings);
  }

  private static void read(
      String comment, int type, String kind, int schema, List<Reading> readings) {
    int from = schema + SCHEMA.length();
    String name = comment.substring(NAME.length(), type);
    for (int owner = comment.indexOf(OWNER, from);
        owner >= 0 && readings.size() < MAX_READINGS;
        owner = comment.indexOf(OWNER, owner + 1)) {
      readings.add(new Reading(name, kind, comment.substring(from, owner)));
    }
  }

  /** A name as a header has it. */
  public static String shown(String name) {
    return name.replace('\n', ' ').replace('\r', ' ');
  }

  /** All that it can mean; none if it is none of pg_dump's. */
  public List<Reading> readings() {
    return readings;
  }

  /** Whether there is one. */
  public boolean isPresent() {
    return !line.isEmpty();
  }

  /** For people: the kind and the name of the object. */
  @Override
  public String toString() {
    if (readings.isEmpty()) {
      return "";
    }
    Reading first = readings.get(0);
    String schema = first.schema().equals("-") ? "" : first.schema() + ".";
    String text = first.type() + " " + schema + first.name();
    String clean = text.replaceAll("\\p{Cntrl}", " ");
    return clean.length() > SHOWN ? clean.substring(0, SHOWN) + "…" : clean;
  }
}
