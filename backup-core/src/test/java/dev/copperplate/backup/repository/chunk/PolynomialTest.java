package dev.copperplate.backup.repository.chunk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.security.SecureRandom;
import java.util.Iterator;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PolynomialTest {
  @ParameterizedTest
  @ValueSource(strings = {"3da3358b4dc173", "2482734cacca49", "31b50c7f9d65ef", "20000000000047"})
  void whatConfigHoldsIsReadAndWrittenAlike(String hex) {
    assertEquals(hex, Polynomial.parse(hex).hex());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " 3da3358b4dc173",
        "0x3da3358b4dc173",
        "3DA3358B4DC173",
        "+3da3358b4dc173",
        "-3da3358b4dc173",
        "3da3358b4dc17g",
        "0003da3358b4dc173"
      })
  void anythingButLowerCaseHexadecimalIsRefusedByName(String hex) {
    assertRefused(hex, "is not 1 to 16 lower-case hexadecimal digits without 0x");
  }

  @ParameterizedTest
  @CsvSource({
    "0, -1",
    "1, 0",
    "13, 4",
    "1da3358b4dc173, 52",
    "7da3358b4dc173, 54",
    "ffffffffffffffff, 63"
  })
  void anotherDegreeIsRefusedByName(String hex, int degree) {
    assertRefused(hex, "has degree " + degree + ", not 53");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "38f1e565e288df",
        "30a8295b9d5c91",
        "255f4350b962cb",
        "267f776110a235",
        "2f4dae10d41227",
        "20000000000000",
        "3fffffffffffff",
        "3da3358b4dc172"
      })
  void aReduciblePolynomialIsRefusedByName(String hex) {
    assertRefused(hex, "is not irreducible");
  }

  @Test
  void twoFactorsOfAlmostEqualDegreeAreRefused() {
    long product = product(0x400001bL, 0x8000027L);

    assertTrue(Polynomial.irreducible(0x400001bL));
    assertTrue(Polynomial.irreducible(0x8000027L));
    assertRefused(Long.toHexString(product), "is not irreducible");
  }

  @Test
  void thereAreAsManyIrreduciblePolynomialsOfEachDegreeAsGaussCounted() {
    List<Long> counts =
        IntStream.rangeClosed(0, 12).mapToObj(PolynomialTest::countOfDegree).toList();

    assertEquals(List.of(0L, 2L, 1L, 2L, 3L, 6L, 9L, 18L, 30L, 56L, 99L, 186L, 335L), counts);
  }

  private static long countOfDegree(int degree) {
    return LongStream.range(1L << degree, 2L << degree).filter(Polynomial::irreducible).count();
  }

  @Test
  void zeroIsNotIrreducible() {
    assertFalse(Polynomial.irreducible(0));
  }

  @Test
  void aRandomPolynomialIsTheFirstIrreducibleOneDrawn() {
    SecureRandom reducibleThenNot =
        draws(0x38f1e565e288dfL, 0x30a8295b9d5c91L, 0xabfda3358b4dc172L, 0x2482734cacca49L);

    assertEquals("3da3358b4dc173", Polynomial.random(reducibleThenNot).hex());
  }

  @Test
  void randomPolynomialsAreValidAndDiffer() {
    SecureRandom random = new SecureRandom();
    Polynomial one = Polynomial.random(random);

    assertEquals(one, Polynomial.parse(one.hex()));
    assertNotEquals(one, Polynomial.random(random));
  }

  @Test
  void equalPolynomialsAreEqual() {
    Polynomial one = Polynomial.parse("3da3358b4dc173");
    Polynomial same = Polynomial.parse("003da3358b4dc173");

    assertEquals(one, same);
    assertEquals(one.hashCode(), same.hashCode());
    assertNotEquals(one, Polynomial.parse("2482734cacca49"));
    assertEquals("3da3358b4dc173", one.toString());
  }

  private static void assertRefused(String hex, String reason) {
    Exception refusal = assertThrows(IllegalArgumentException.class, () -> Polynomial.parse(hex));
    assertEquals("Chunker polynomial '" + hex + "' " + reason, refusal.getMessage());
  }

  private static long product(long a, long b) {
    long product = 0;
    for (int power = 0; power < 32; power++) {
      product ^= (b >>> power & 1) == 1 ? a << power : 0;
    }
    return product;
  }

  private static SecureRandom draws(long... values) {
    Iterator<Long> draws = LongStream.of(values).iterator();
    return new SecureRandom() {
      private static final long serialVersionUID = 1;

      @Override
      public long nextLong() {
        return draws.next();
      }
    };
  }
}
