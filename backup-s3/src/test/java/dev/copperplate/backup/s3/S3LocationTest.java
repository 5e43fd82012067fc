package dev.copperplate.backup.s3;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.copperplate.backup.ObjectKey;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class S3LocationTest {

  @Test
  void aPlaceIsReadAsItIsWritten() {
    assertEquals(S3Location.of("orders"), S3Location.parse("s3://orders"));
    assertEquals(S3Location.of("orders"), S3Location.parse("s3://orders/"));
    S3Location deep = new S3Location("orders.backup", "prod/eu");
    assertEquals(deep, S3Location.parse("s3://orders.backup/prod/eu/"));
    assertEquals("s3://orders.backup/prod/eu", deep.toString());
    assertEquals("s3://orders", S3Location.of("orders").toString());
  }

  @Test
  void whatIsNoPlaceIsRefused() {
    for (String wrong :
        List.of(
            "",
            "orders",
            "https://orders",
            "s3://",
            "s3:///prefix",
            "s3://ab",
            "s3://-orders",
            "s3://orders//prefix",
            "s3://orders/../other",
            "s3://orders/a b",
            "s3://orders/é",
            "s3://or*ders",
            "s3://key:secret@orders",
            "s3://orders/" + "x".repeat(501))) {
      assertThrows(IllegalArgumentException.class, () -> S3Location.parse(wrong), wrong);
    }
  }

  @Test
  void keysGoBelowThePrefixAndBack() {
    S3Location place = new S3Location("orders", "prod");
    assertEquals("prod/data/00/aa", place.stored("data/00/aa"));
    assertEquals(Optional.of(new ObjectKey("data/00/aa")), place.key("prod/data/00/aa"));
    for (String foreign : List.of("prod", "prod/", "production/config", "prod//x", "prod/a b")) {
      assertEquals(Optional.empty(), place.key(foreign), foreign);
    }
    assertEquals(Optional.of(new ObjectKey("config")), S3Location.of("orders").key("config"));
  }
}
