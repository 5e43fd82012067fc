package dev.copperplate.benchmarks.sidebyside;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StopwatchTest {

  private static final long MEBIBYTE = 1 << 20;

  @TempDir Path directory;
  private Path output;

  @BeforeEach
  void outputGoesToAFile() {
    output = directory.resolve("output");
  }

  @Test
  void theTimeOfAProgramIsThatOfTheProgram() throws Exception {
    Measurement measured = measure("sleep", "0.3");
    assertTrue(measured.seconds() >= 0.3, measured::toString);
    assertTrue(measured.cpuSeconds() < 0.2, measured::toString);
  }

  @Test
  void workIsCountedAsTimeOfTheProcessor() throws Exception {
    Measurement measured = measure("bash", "-c", "for ((i = 0; i < 300000; i++)); do :; done");
    assertTrue(measured.cpuSeconds() > 0.05, measured::toString);
  }

  @Test
  void memoryIsThatOfTheProgramAndNotOfTheShellAroundIt() throws Exception {
    // A variable of 64 MiB, and then time to be looked at.
    Measurement measured =
        measure("bash", "-c", "printf -v all '%67108864s' ''; sleep 0.3; echo ${#all}");
    assertTrue(measured.peakBytes() > 64 * MEBIBYTE, measured::toString);
    assertTrue(measured.peakBytes() < 512 * MEBIBYTE, measured::toString);
  }

  @Test
  void argumentsArriveAsTheyAreAndAllOutputIsKept() throws Exception {
    measure("bash", "-c", "echo \"$1\"; echo error >&2", "program", "two words; $HOME *");
    assertEquals("two words; $HOME *\nerror\n", Files.readString(output));
  }

  @Test
  void aProgramThatFailsIsReportedWithWhatItSaid() {
    CommandFailure failure =
        assertThrows(
            CommandFailure.class, () -> measure("bash", "-c", "echo disk on fire; exit 3"));
    assertTrue(failure.getMessage().contains("ended with exit code 3:\ndisk on fire"));
  }

  private Measurement measure(String... program) throws Exception {
    return new Stopwatch(directory).measure(List.of(program), output);
  }
}
