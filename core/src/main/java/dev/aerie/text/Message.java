package dev.aerie.text;

/// One message of a training record, as LLaVA's JSON has it: `from` is `human` or `gpt`.
public record Message(String from, String value) {}
