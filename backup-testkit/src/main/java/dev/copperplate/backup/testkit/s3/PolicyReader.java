package dev.copperplate.backup.testkit.s3;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Reads the JSON of policies. */
final class PolicyReader {

  private static final JsonFactory JSON =
      JsonFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

  private final String text;

  PolicyReader(String text) {
    this.text = text;
  }

  List<PolicyStatement> statements() {
    List<PolicyStatement> statements = new ArrayList<>();
    try (JsonParser parser = JSON.createParser(text)) {
      expect(parser.nextToken() == JsonToken.START_OBJECT, parser);
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        String name = parser.currentName();
        JsonToken value = parser.nextToken();
        switch (name) {
          case "Version" -> expect(parser.getText().equals("2012-10-17"), parser);
          case "Id" -> expect(value == JsonToken.VALUE_STRING, parser);
          case "Statement" -> readStatements(parser, statements);
          default -> throw unknown(name);
        }
      }
      expect(parser.currentToken() == JsonToken.END_OBJECT, parser);
      expect(parser.nextToken() == null, parser);
    } catch (IOException e) {
      throw new IllegalArgumentException("This is no policy: " + text, e);
    }
    if (statements.isEmpty()) {
      throw new IllegalArgumentException("A policy without a statement: " + text);
    }
    return statements;
  }

  private void readStatements(JsonParser parser, List<PolicyStatement> statements)
      throws IOException {
    if (parser.currentToken() == JsonToken.START_OBJECT) {
      statements.add(statement(parser));
      return;
    }
    expect(parser.currentToken() == JsonToken.START_ARRAY, parser);
    while (parser.nextToken() == JsonToken.START_OBJECT) {
      statements.add(statement(parser));
    }
    expect(parser.currentToken() == JsonToken.END_ARRAY, parser);
  }

  private PolicyStatement statement(JsonParser parser) throws IOException {
    String effect = "";
    List<String> principals = List.of();
    List<String> actions = List.of();
    List<String> resources = List.of();
    List<PolicyCondition> conditions = new ArrayList<>();
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String name = parser.currentName();
      parser.nextToken();
      switch (name) {
        case "Sid" -> expect(parser.currentToken() == JsonToken.VALUE_STRING, parser);
        case "Effect" -> effect = parser.getText();
        case "Principal" -> principals = principals(parser);
        case "Action" -> actions = texts(parser);
        case "Resource" -> resources = texts(parser);
        case "Condition" -> readConditions(parser, conditions);
        default -> throw unknown(name);
      }
    }
    boolean known = effect.equals("Allow") || effect.equals("Deny");
    expect(known && !actions.isEmpty() && !resources.isEmpty(), parser);
    return new PolicyStatement(effect.equals("Allow"), principals, actions, resources, conditions);
  }

  /** {@code "*"}, or {@code {"AWS": …}}. */
  private List<String> principals(JsonParser parser) throws IOException {
    if (parser.currentToken() != JsonToken.START_OBJECT) {
      return texts(parser);
    }
    List<String> principals = new ArrayList<>();
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      if (!parser.currentName().equals("AWS")) {
        throw unknown("Principal " + parser.currentName());
      }
      parser.nextToken();
      principals.addAll(texts(parser));
    }
    return principals;
  }

  private void readConditions(JsonParser parser, List<PolicyCondition> conditions)
      throws IOException {
    expect(parser.currentToken() == JsonToken.START_OBJECT, parser);
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String operator = parser.currentName();
      expect(parser.nextToken() == JsonToken.START_OBJECT, parser);
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        String key = parser.currentName();
        parser.nextToken();
        conditions.add(new PolicyCondition(operator, key, texts(parser)));
      }
    }
  }

  private List<String> texts(JsonParser parser) throws IOException {
    List<String> texts = new ArrayList<>();
    if (parser.currentToken() == JsonToken.START_ARRAY) {
      while (parser.nextToken() != JsonToken.END_ARRAY) {
        texts.add(scalar(parser));
      }
    } else {
      texts.add(scalar(parser));
    }
    return texts;
  }

  private String scalar(JsonParser parser) throws IOException {
    JsonToken token = parser.currentToken();
    expect(token != null && token.isScalarValue() && token != JsonToken.VALUE_NULL, parser);
    return parser.getText();
  }

  private void expect(boolean condition, JsonParser parser) {
    if (!condition) {
      throw new IllegalArgumentException(
          "This is no policy, at " + parser.currentLocation().offsetDescription() + ": " + text);
    }
  }

  private static IllegalArgumentException unknown(String name) {
    return new IllegalArgumentException("This server does not know the element " + name);
  }
}
