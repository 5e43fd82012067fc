package dev.copperplate.backup.kafka;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class TopicSelectionTest {

  @Test
  void aDotOfAGlobIsADot() {
    TopicSelection selection = TopicSelection.glob("shop.*-v?");
    assertTrue(selection.includes("shop.orders-v1", false));
    assertFalse(selection.includes("shopping-orders-v1", false));
    assertFalse(selection.includes("shop.orders-v10", false));
  }

  @Test
  void anExpressionMatchesTheWholeName() {
    TopicSelection selection = TopicSelection.pattern(Pattern.compile("a+"));
    assertTrue(selection.includes("aa", false));
    assertFalse(selection.includes("aab", false));
  }

  @Test
  void internalTopicsAreTakenOnlyIfNamed() {
    assertFalse(TopicSelection.all().includes("__consumer_offsets", true));
    TopicSelection both = TopicSelection.all().and(TopicSelection.named("__consumer_offsets"));
    assertTrue(both.includes("__consumer_offsets", true));
    assertTrue(both.includes("orders", false));
  }

  @Test
  void whatIsExceptedIsNotMissing() {
    TopicSelection selection =
        TopicSelection.named("a", "b", "c").except(TopicSelection.glob("b*"));
    assertEquals(List.of("c"), selection.missing(Set.of("a", "b")));
    assertFalse(selection.includes("b", false));
  }
}
