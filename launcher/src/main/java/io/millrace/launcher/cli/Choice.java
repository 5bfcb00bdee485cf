package io.millrace.launcher.cli;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.TypeConversionException;

/** Reads one of a few words, and says which there are as people write them. */
final class Choice<E extends Enum<E>> implements ITypeConverter<E> {

  private final Class<E> type;

  private Choice(Class<E> type) {
    this.type = type;
  }

  /** Reads every argument of a command that is one of a few words. */
  static void register(CommandLine command) {
    command.getCommandSpec().args().stream()
        .map(ArgSpec::auxiliaryTypes)
        .flatMap(Arrays::stream)
        .filter(Class::isEnum)
        .forEach(type -> register(command, type.asSubclass(Enum.class)));
  }

  @SuppressWarnings({"unchecked", "rawtypes"})
  private static void register(CommandLine command, Class<? extends Enum> type) {
    command.registerConverter((Class) type, new Choice(type));
  }

  @Override
  public E convert(String value) {
    return Arrays.stream(type.getEnumConstants())
        .filter(each -> written(each).equals(value.toLowerCase(Locale.ROOT).replace('_', '-')))
        .findFirst()
        .orElseThrow(
            () -> new TypeConversionException("'%s' is none of %s".formatted(value, all())));
  }

  private String all() {
    return Arrays.stream(type.getEnumConstants())
        .map(Choice::written)
        .collect(Collectors.joining(", "));
  }

  private static String written(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
