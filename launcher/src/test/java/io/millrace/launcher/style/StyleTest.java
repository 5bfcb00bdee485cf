package io.millrace.launcher.style;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.schemas.topic.Topic;
import io.millrace.schemas.topic.TopicCatalogue;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The habits of the code base that a text search can hold. */
class StyleTest {

  /** Raise neither: a file that grows beyond is split. */
  private static final int MAX_FILE_LINES = 300;

  private static final int MAX_README_LINES = 100;

  private static final Pattern UNFINISHED =
      Pattern.compile("\\b(TO" + "DO|FIX" + "ME|XX" + "X)\\b");
  private static final Pattern VAGUE_NAME =
      Pattern.compile("(?i).*(util|utils|helper|manager|common)s?");
  private static final Pattern STRING_LITERAL = Pattern.compile("\"((?:[^\"\\\\\n]|\\\\.)*)\"");

  @Test
  void shouldMarkEveryPackageNullMarked() {
    Set<String> unmarked = new TreeSet<>();
    for (Path file : Sources.endingWith(".java")) {
      if (file.endsWith("module-info.java")) {
        continue;
      }
      Path info = file.resolveSibling("package-info.java");
      if (!isNullMarked(info) && !isNullMarked(inProduct(info))) {
        unmarked.add(Sources.name(info));
      }
    }
    assertThat(unmarked).isEmpty();
  }

  @Test
  void shouldLeaveNothingUnfinished() {
    assertThat(
            Stream.of(".java", ".avdl", ".yaml", ".yml", ".xml", ".md", "millrace")
                .flatMap(suffix -> Sources.endingWith(suffix).stream())
                .filter(file -> UNFINISHED.matcher(Sources.read(file)).find())
                .map(Sources::name))
        .isEmpty();
  }

  @Test
  void shouldKeepFilesShort() {
    assertThat(
            Sources.ofProduct().stream()
                .filter(file -> Sources.read(file).lines().count() > MAX_FILE_LINES)
                .map(Sources::name))
        .isEmpty();
  }

  @Test
  void shouldNameClassesAndPackagesByTheirPurpose() {
    assertThat(
            Sources.endingWith(".java").stream()
                .filter(
                    file ->
                        VAGUE_NAME
                                .matcher(file.getFileName().toString().replace(".java", ""))
                                .matches()
                            || VAGUE_NAME
                                .matcher(file.resolveSibling("").getFileName().toString())
                                .matches())
                .map(Sources::name))
        .isEmpty();
  }

  @Test
  void shouldWriteTopicNamesInTheCatalogueOnly() {
    List<String> names = unmistakableTopicNames();
    assertThat(names).contains("analytics.realtime", "stage.home.requests");
    Set<String> elsewhere = new TreeSet<>();
    for (Path file : Sources.ofProduct()) {
      if (file.endsWith("TopicCatalogue.java")) {
        continue;
      }
      Matcher literal = STRING_LITERAL.matcher(Sources.read(file));
      while (literal.find()) {
        if (names.stream().anyMatch(literal.group(1)::endsWith)) {
          elsewhere.add(Sources.name(file) + ": " + literal.group(1));
        }
      }
    }
    assertThat(elsewhere).isEmpty();
  }

  @Test
  void shouldKeepTheReadmeShort() {
    assertThat(Sources.read(Sources.ROOT.resolve("README.md")).lines().count())
        .isLessThan(MAX_README_LINES);
  }

  @Test
  void shouldGiveAReasonForEveryDirectDependency() {
    String reasons = Sources.read(Sources.ROOT.resolve("docs/dependencies.md"));
    Set<String> unexplained = new TreeSet<>();
    Pattern dependency =
        Pattern.compile(
            "<dependency>\\s*<groupId>([^<]+)</groupId>\\s*<artifactId>([^<]+)</artifactId>");
    for (Path pom : Sources.endingWith("pom.xml")) {
      Matcher matcher = dependency.matcher(Sources.read(pom));
      while (matcher.find()) {
        if (!matcher.group(1).equals("io.millrace") && !matcher.group(2).endsWith("-bom")) {
          String coordinates = matcher.group(1) + ":" + matcher.group(2);
          if (!reasons.contains("| " + coordinates + " |")) {
            unexplained.add(coordinates);
          }
        }
      }
    }
    assertThat(unexplained).isEmpty();
  }

  private static boolean isNullMarked(Path info) {
    return Files.exists(info) && Sources.read(info).contains("@NullMarked");
  }

  /** Tests share their package, and so its mark, with what they test. */
  private static Path inProduct(Path testInfo) {
    return Path.of(testInfo.toString().replace("/src/test/java/", "/src/main/java/"));
  }

  /** Words such as "requests" have other meanings; names with a dot have not. */
  private static List<String> unmistakableTopicNames() {
    return new TopicCatalogue("", 1)
        .all(List.of(TopicCatalogue.HOME), List.of("simulated")).stream()
            .map(Topic::name)
            .filter(name -> name.contains("."))
            .toList();
  }
}
