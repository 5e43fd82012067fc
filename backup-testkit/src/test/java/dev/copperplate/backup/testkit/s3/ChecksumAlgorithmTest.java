package dev.copperplate.backup.testkit.s3;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HexFormat;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The check values of the catalogues, of the nine digits. */
class ChecksumAlgorithmTest {

  @ParameterizedTest
  @CsvSource({
    "CRC32, cbf43926",
    "CRC32C, e3069283",
    "CRC64NVME, ae8b14860a799888",
    "SHA1, f7c3bc1d808e04732adf679965ccc34ca7ae3441",
    "SHA256, 15e2b0d3c33891ebb0f1ef609ec419420c20e320ce94c65fbc8c3312448eb225"
  })
  void theNineDigitsHaveTheirKnownValue(ChecksumAlgorithm algorithm, String hex) {
    byte[] digits = "123456789".getBytes(StandardCharsets.US_ASCII);

    String value = algorithm.of(digits);

    assertEquals(hex, HexFormat.of().formatHex(Base64.getDecoder().decode(value)));
    assertTrue(algorithm.isValue(value));
    assertFalse(algorithm.isValue(value.substring(1)));
  }
}
