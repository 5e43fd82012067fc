package dev.copperplate.backup.testkit.s3;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The XML of answers. Characters that XML 1.0 cannot hold are written as references, as S3 does:
 * most parsers fail at them, which is why listings have {@code encoding-type=url}.
 */
final class XmlWriter {

  private static final String NAMESPACE = "http://s3.amazonaws.com/doc/2006-03-01/";

  private final StringBuilder text =
      new StringBuilder("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");

  /** Begins a document of the S3 namespace. */
  static XmlWriter root(String name) {
    XmlWriter writer = new XmlWriter();
    writer.text.append('<').append(name).append(" xmlns=\"").append(NAMESPACE).append("\">");
    return writer;
  }

  /** Begins a document without a namespace: errors have none. */
  static XmlWriter plainRoot(String name) {
    return new XmlWriter().open(name);
  }

  XmlWriter open(String name) {
    text.append('<').append(name).append('>');
    return this;
  }

  XmlWriter close(String name) {
    text.append("</").append(name).append('>');
    return this;
  }

  /** An element with a text; none for null. */
  XmlWriter element(String name, @Nullable Object value) {
    if (value != null) {
      open(name);
      escape(value.toString());
      close(name);
    }
    return this;
  }

  XmlWriter text(String value) {
    escape(value);
    return this;
  }

  /** An element as it was read. */
  XmlWriter copy(XmlElement element) {
    open(element.name());
    element.children().forEach(this::copy);
    escape(element.text());
    return close(element.name());
  }

  private void escape(String value) {
    for (int at = 0; at < value.length(); at++) {
      char character = value.charAt(at);
      switch (character) {
        case '<' -> text.append("&lt;");
        case '>' -> text.append("&gt;");
        case '&' -> text.append("&amp;");
        case '"' -> text.append("&quot;");
        default -> {
          if (character < ' ' && character != '\n' && character != '\t' || character >= 0xfffe) {
            text.append("&#x").append(Integer.toHexString(character)).append(';');
          } else {
            text.append(character);
          }
        }
      }
    }
  }

  byte[] bytes() {
    return text.toString().getBytes(StandardCharsets.UTF_8);
  }
}
