package dev.copperplate.backup.postgres.load.script;

import java.nio.charset.Charset;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** Notes where the first and the last tokens of a statement are. */
final class Tokens {

  static final int FIRST = 24;
  static final int LAST = 72;

  private record Place(Token.Kind kind, int from, int to) {}

  private final List<Place> first = new ArrayList<>();
  private final Deque<Place> last = new ArrayDeque<>();
  private int count;

  void add(Token.Kind kind, int from, int to) {
    Place place = new Place(kind, from, to);
    count++;
    if (first.size() < FIRST) {
      first.add(place);
      return;
    }
    last.add(place);
    if (last.size() > LAST) {
      last.remove();
    }
  }

  int count() {
    return count;
  }

  List<Token> read(byte[] statement, Charset charset) {
    List<Token> tokens = new ArrayList<>();
    first.forEach(each -> tokens.add(token(each, statement, charset)));
    last.forEach(each -> tokens.add(token(each, statement, charset)));
    return List.copyOf(tokens);
  }

  private static Token token(Place place, byte[] statement, Charset charset) {
    int length = Math.min(place.to() - place.from(), Token.MAX_TEXT);
    String written = new String(statement, place.from(), length, charset);
    return new Token(place.kind(), meaning(place.kind(), written), place.from(), place.to());
  }

  private static String meaning(Token.Kind kind, String written) {
    if (kind == Token.Kind.NAME) {
      return inner(written, 1).replace("\"\"", "\"");
    }
    if (kind != Token.Kind.TEXT || written.startsWith("$")) {
      return written;
    }
    if (written.startsWith("E") || written.startsWith("e")) {
      return inner(written, 2).replace("''", "'").replace("\\\\", "\\");
    }
    return inner(written, 1).replace("''", "'");
  }

  private static String inner(String written, int from) {
    return written.substring(
        Math.min(from, written.length()), Math.max(from, written.length() - 1));
  }
}
