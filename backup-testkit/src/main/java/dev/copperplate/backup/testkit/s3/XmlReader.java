package dev.copperplate.backup.testkit.s3;

import java.io.ByteArrayInputStream;
import java.util.ArrayList;
import java.util.List;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/** Reads the XML of requests: no DTD, no entities of its own, a bounded depth. */
final class XmlReader {

  private static final int MOST_DEPTH = 16;

  private final XMLStreamReader reader;

  private XmlReader(XMLStreamReader reader) {
    this.reader = reader;
  }

  /**
   * @param root the name that the document has to have
   */
  static XmlElement read(byte[] document, String root) {
    XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
    factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
    factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
    factory.setProperty(XMLInputFactory.IS_COALESCING, true);
    try {
      XMLStreamReader reader = factory.createXMLStreamReader(new ByteArrayInputStream(document));
      reader.nextTag();
      XmlElement element = new XmlReader(reader).element(0);
      if (!element.name().equals(root)) {
        throw S3Error.malformedXml();
      }
      return element;
    } catch (XMLStreamException e) {
      throw S3Error.malformedXml();
    }
  }

  private XmlElement element(int depth) throws XMLStreamException {
    if (depth == MOST_DEPTH) {
      throw S3Error.malformedXml();
    }
    String name = reader.getLocalName();
    List<XmlElement> children = new ArrayList<>();
    StringBuilder text = new StringBuilder();
    int event = reader.next();
    while (event != XMLStreamConstants.END_ELEMENT) {
      if (event == XMLStreamConstants.START_ELEMENT) {
        children.add(element(depth + 1));
      } else if (event == XMLStreamConstants.CHARACTERS || event == XMLStreamConstants.CDATA) {
        text.append(reader.getText());
      } else if (event == XMLStreamConstants.ENTITY_REFERENCE || event == XMLStreamConstants.DTD) {
        throw S3Error.malformedXml();
      }
      event = reader.next();
    }
    if (!children.isEmpty() && !text.toString().isBlank()) {
      throw S3Error.malformedXml();
    }
    return new XmlElement(name, children, children.isEmpty() ? text.toString() : "");
  }
}
