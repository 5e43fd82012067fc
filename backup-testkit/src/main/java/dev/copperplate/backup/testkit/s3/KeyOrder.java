package dev.copperplate.backup.testkit.s3;

import java.io.Serializable;
import java.util.Comparator;

/**
 * The order of listings: that of the UTF-8 bytes, which is that of the code points. {@link
 * String#compareTo} differs from it where characters beyond the basic plane are in play.
 */
enum KeyOrder implements Comparator<String>, Serializable {
  UTF8;

  @Override
  public int compare(String one, String other) {
    int end = Math.min(one.length(), other.length());
    for (int at = 0; at < end; at++) {
      char left = one.charAt(at);
      char right = other.charAt(at);
      if (left != right) {
        return Character.isSurrogate(left) == Character.isSurrogate(right)
            ? left - right
            : Character.isSurrogate(left) ? 1 : -1;
      }
    }
    return one.length() - other.length();
  }
}
