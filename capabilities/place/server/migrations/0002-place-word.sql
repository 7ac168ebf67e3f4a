-- The words that names are made of, each once: what a misspelt word is compared with.
create table place_word (
  word text primary key
);
create index place_word_beginning on place_word (word text_pattern_ops);
insert into place_word select distinct unnest(string_to_array(search_text, ' ')) from place_name;
