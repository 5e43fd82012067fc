package dev.copperplate.backup.testkit.s3;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * An element of a request.
 *
 * @param text of an element without children; else empty
 */
record XmlElement(String name, List<XmlElement> children, String text) {

  XmlElement {
    children = List.copyOf(children);
  }

  static XmlElement of(String name, XmlElement... children) {
    return new XmlElement(name, List.of(children), "");
  }

  static XmlElement text(String name, String text) {
    return new XmlElement(name, List.of(), text);
  }

  Optional<XmlElement> child(String childName) {
    List<XmlElement> found = all(childName);
    if (found.size() > 1) {
      throw S3Error.malformedXml();
    }
    return found.stream().findFirst();
  }

  XmlElement required(String childName) {
    return child(childName).orElseThrow(S3Error::malformedXml);
  }

  Optional<String> text(String childName) {
    return child(childName).map(XmlElement::text);
  }

  List<XmlElement> all(String childName) {
    return children.stream()
        .filter(each -> each.name.equals(childName))
        .collect(Collectors.toList());
  }

  /** Refuses children of other names: what is not understood must not be ignored. */
  XmlElement holding(String... names) {
    Set<String> known = Set.of(names);
    if (!children.stream().allMatch(each -> known.contains(each.name))) {
      throw S3Error.malformedXml();
    }
    return this;
  }

  boolean flag(String childName) {
    return text(childName).map(XmlElement::truth).orElse(false);
  }

  private static boolean truth(String text) {
    return switch (text.strip()) {
      case "true" -> true;
      case "false" -> false;
      default -> throw S3Error.malformedXml();
    };
  }
}
