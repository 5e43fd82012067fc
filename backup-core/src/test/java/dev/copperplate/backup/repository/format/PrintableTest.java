package dev.copperplate.backup.repository.format;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class PrintableTest {

  /** Newer than Unicode 13, which is what the oldest Java we run on knows. */
  private static final int[] ASSIGNED_IN_14_AND_15 = {
    0x61d, 0x870, 0x20c0, 0x2c2f, 0xa7ca, 0x10570, 0x11f00, 0x1e4d0, 0x1f6dc, 0x1fae8, 0x323af
  };

  private static final int[] ASSIGNED_LATER = {0x2ffc, 0x31ef, 0x2ebf0, 0x1c89, 0x10d40, 0x1cc00};

  /** Java had Unicode 13 in 17, 15.0 in 20 and 21, and has had later ones since. */
  @Test
  void agreesWithJavaOnWhateverBothKnow() {
    int java = Runtime.version().feature();
    for (int each = 0; each <= Character.MAX_CODE_POINT; each++) {
      boolean assigned = Character.getType(each) != Character.UNASSIGNED;
      if (java < 20 ? assigned : java < 22 || Printable.contains(each)) {
        assertEquals(isPrintableToJava(each), Printable.contains(each), Integer.toHexString(each));
      }
    }
  }

  @Test
  void hasTheTablesOfUnicode15WhateverJavaHas() {
    for (int each : ASSIGNED_IN_14_AND_15) {
      assertTrue(Printable.contains(each), Integer.toHexString(each));
    }
    for (int each : ASSIGNED_LATER) {
      assertFalse(Printable.contains(each), Integer.toHexString(each));
    }
  }

  @Test
  void countsTheSpaceButNoOtherAndNoFormats() {
    assertTrue(Printable.contains(' '));
    for (int each : new int[] {0, 0x1f, 0x7f, 0x85, 0xa0, 0xad, 0x2028, 0x2029, 0x202e, 0x3000}) {
      assertFalse(Printable.contains(each), Integer.toHexString(each));
    }
    for (int each : new int[] {0xd800, 0xdfff, 0xe000, 0xfeff, 0xffff, 0x10ffff}) {
      assertFalse(Printable.contains(each), Integer.toHexString(each));
    }
    assertTrue(Printable.contains(0xfffd));
  }

  @Test
  void hasAsManyAsUnicode15Has() {
    int count = 0;
    for (int each = 0; each <= Character.MAX_CODE_POINT; each++) {
      count += Printable.contains(each) ? 1 : 0;
    }
    assertEquals(149_186 - 170 - 18, count); // all but the formats, and separators but the space
  }

  private static boolean isPrintableToJava(int codePoint) {
    return switch (Character.getType(codePoint)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.PRIVATE_USE,
          Character.UNASSIGNED,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          false;
      case Character.SPACE_SEPARATOR -> codePoint == ' ';
      default -> true;
    };
  }
}
