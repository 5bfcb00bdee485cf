package io.millrace.launcher.cli;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.JsonEncoder;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.filter.ThresholdFilter;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.OutputStreamAppender;
import ch.qos.logback.core.encoder.Encoder;
import ch.qos.logback.core.rolling.FixedWindowRollingPolicy;
import ch.qos.logback.core.rolling.RollingFileAppender;
import ch.qos.logback.core.rolling.SizeBasedTriggeringPolicy;
import ch.qos.logback.core.util.FileSize;
import io.millrace.launcher.config.MillraceConfig.Logging;
import java.nio.file.Path;
import org.slf4j.LoggerFactory;

/**
 * Where the program's log goes: a command is quiet, a pipeline for people logs to a file, a role of
 * a service logs to standard error.
 */
public final class LoggingSetup {

  private static final String OWN = "io.millrace";
  private static final String TEXT =
      "%d{yyyy-MM-dd'T'HH:mm:ss.SSSXXX} %-5level [%thread] %logger{36} - %msg%n";
  private static final String LOG_FILE = "millrace.log";
  private static final FileSize MAX_FILE_SIZE = FileSize.valueOf("20MB");
  private static final int MAX_OLD_FILES = 4;

  /**
   * Their ordinary retries are warnings; what matters reaches the user as the command's failure.
   */
  private static final String[] NOISY = {
    "org.apache.kafka", "kafka", "org.eclipse.jetty", "io.javalin", "state.change.logger"
  };

  private final LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();

  private LoggingSetup() {
    context.reset();
  }

  /** For a command that answers and ends: errors only, everything with {@code --verbose}. */
  public static void quiet(boolean verbose) {
    LoggingSetup setup = new LoggingSetup();
    setup.levels(verbose ? Level.DEBUG : Level.ERROR, verbose ? Level.INFO : Level.OFF);
    setup.root().addAppender(setup.console("text", Level.TRACE));
  }

  /**
   * For a pipeline that people watch: all to {@code logs/millrace.log} in the data folder, own
   * warnings to standard error too, everything there with {@code --verbose}.
   */
  public static void toFile(Path dataDir, Logging logging, boolean verbose) {
    LoggingSetup setup = new LoggingSetup();
    setup.levels(verbose ? Level.DEBUG : Level.toLevel(logging.level()), Level.WARN);
    setup.root().addAppender(setup.file(dataDir.resolve("logs"), logging.format()));
    setup.root().addAppender(setup.console("text", verbose ? Level.TRACE : Level.ERROR));
  }

  /** For a role of a service: all to standard error. */
  static void toStandardError(Logging logging, boolean verbose) {
    LoggingSetup setup = new LoggingSetup();
    setup.levels(verbose ? Level.DEBUG : Level.toLevel(logging.level()), Level.WARN);
    setup.root().addAppender(setup.console(logging.format(), Level.TRACE));
  }

  private void levels(Level own, Level noisy) {
    root().setLevel(noisy == Level.OFF ? Level.ERROR : Level.WARN);
    context.getLogger(OWN).setLevel(own);
    for (String name : NOISY) {
      context.getLogger(name).setLevel(noisy);
    }
    // Both report the ordinary course of starting and stopping as warnings.
    context.getLogger("org.apache.kafka.controller.QuorumController").setLevel(Level.ERROR);
    context.getLogger("org.apache.kafka.clients.NetworkClient").setLevel(Level.ERROR);
  }

  private Appender<ILoggingEvent> console(String format, Level least) {
    ConsoleAppender<ILoggingEvent> appender = new ConsoleAppender<>();
    appender.setTarget("System.err");
    ThresholdFilter filter = new ThresholdFilter();
    filter.setLevel(least.toString());
    filter.start();
    appender.addFilter(filter);
    return started(appender, "stderr", format);
  }

  private Appender<ILoggingEvent> file(Path folder, String format) {
    RollingFileAppender<ILoggingEvent> appender = new RollingFileAppender<>();
    appender.setContext(context);
    appender.setFile(folder.resolve(LOG_FILE).toString());
    FixedWindowRollingPolicy names = new FixedWindowRollingPolicy();
    names.setContext(context);
    names.setParent(appender);
    names.setFileNamePattern(folder.resolve("millrace.%i.log").toString());
    names.setMinIndex(1);
    names.setMaxIndex(MAX_OLD_FILES);
    names.start();
    SizeBasedTriggeringPolicy<ILoggingEvent> sizes = new SizeBasedTriggeringPolicy<>();
    sizes.setContext(context);
    sizes.setMaxFileSize(MAX_FILE_SIZE);
    sizes.start();
    appender.setRollingPolicy(names);
    appender.setTriggeringPolicy(sizes);
    return started(appender, "file", format);
  }

  private Appender<ILoggingEvent> started(
      OutputStreamAppender<ILoggingEvent> appender, String name, String format) {
    appender.setName(name);
    appender.setContext(context);
    appender.setEncoder(encoder(format));
    appender.start();
    return appender;
  }

  private Encoder<ILoggingEvent> encoder(String format) {
    if (format.equals("json")) {
      JsonEncoder json = new JsonEncoder();
      json.setContext(context);
      json.start();
      return json;
    }
    PatternLayoutEncoder text = new PatternLayoutEncoder();
    text.setContext(context);
    text.setPattern(TEXT);
    text.start();
    return text;
  }

  private Logger root() {
    return context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
  }
}
