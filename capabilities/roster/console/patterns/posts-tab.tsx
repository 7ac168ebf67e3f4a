import { useQuery } from '@tanstack/react-query'
import { Button, Checkbox, Form, Input, InputNumber, Select, Table, type TableColumnsType } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '../../../../foundation/ui/api/client.ts'
import { RecordDialog } from '../../../../foundation/ui/form/record-dialog.tsx'
import { useMay, useMayFor } from '../../../../foundation/ui/session/session.tsx'
import { Shown } from '../../../../foundation/ui/states/states.tsx'
import { forceBoardQuery, useOrganisationName, useSkillNames } from '../../../force/console/index.tsx'
import { POST_KINDS, type PostKind } from '../../core/index.ts'
import { patternsQuery, postsQuery, type PostRow } from './patterns-api.ts'

/** Where somebody stands: how many, with whom, in which shifts. */
export function PostsTab() {
  const { t } = useTranslation('roster')
  const may = useMay()
  const mayFor = useMayFor()
  const posts = useQuery(postsQuery)
  const organisationName = useOrganisationName()
  const skillNames = useSkillNames()
  const [editing, setEditing] = useState<PostRow | 'new' | null>(null)
  const columns: TableColumnsType<PostRow> = [
    {
      title: t('filter.organisation'),
      dataIndex: 'organisationId',
      render: (id: string) => organisationName(id),
      sorter: (a, b) => organisationName(a.organisationId).localeCompare(organisationName(b.organisationId)),
      defaultSortOrder: 'ascend',
    },
    { title: t('post.name'), render: (_, post) => <PostName post={post} /> },
    {
      title: t('post.kind'),
      render: (_, post) => (
        <>
          {t(`kind.${post.kind}`)}
          {post.isStreet && <span className="muted"> · {t('post.street')}</span>}
        </>
      ),
    },
    {
      title: t('post.officers'),
      render: (_, { minOfficers, maxOfficers }) =>
        maxOfficers === null
          ? t('post.at-least', { least: minOfficers })
          : t('post.range', { least: minOfficers, most: maxOfficers }),
    },
    {
      title: t('post.needs'),
      render: (_, { needsLeader, skills }) =>
        [
          ...(needsLeader ? [t('post.leader')] : []),
          ...skills.map(({ skill, officers }) => `${skillNames([skill])} × ${officers}`),
        ].join(t('ui:list-separator')) || '—',
    },
    {
      title: t('pattern.shifts'),
      render: (_, { shifts }) => (shifts.length === 0 ? t('post.every-shift') : shifts.join(', ')),
    },
    {
      title: '',
      render: (_, post) =>
        mayFor('roster.edit', post.organisationId) && (
          <Button size="small" type="link" onClick={() => setEditing(post)}>
            {t('ui:action.edit')}
          </Button>
        ),
    },
  ]
  return (
    <>
      {may('roster.edit') && (
        <p className="roster-actions posts-head">
          <Button type="primary" onClick={() => setEditing('new')}>
            {t('post.add')}
          </Button>
        </p>
      )}
      <Shown query={posts} rows={10}>
        {(rows) => (
          <Table<PostRow>
            size="small"
            rowKey="id"
            columns={columns}
            dataSource={[...rows]}
            scroll={{ x: 'max-content' }}
            pagination={{ pageSize: 50, hideOnSinglePage: true }}
          />
        )}
      </Shown>
      {editing && (
        <PostDialog
          key={editing === 'new' ? 'new' : editing.id}
          post={editing === 'new' ? null : editing}
          onClose={() => setEditing(null)}
        />
      )}
    </>
  )
}

function PostName({ post }: { post: PostRow }) {
  const { i18n } = useTranslation()
  return (
    <>
      <b>{i18n.language === 'en' ? post.nameEn : post.nameZh}</b> <code className="faint">{post.code}</code>
    </>
  )
}

interface PostForm {
  readonly organisationId: string
  readonly code: string
  readonly nameZh: string
  readonly nameEn: string
  readonly kind: PostKind
  readonly isStreet: boolean
  readonly unitId: string | null
  readonly shifts: string[]
  readonly minOfficers: number
  readonly maxOfficers: number | null
  readonly needsLeader: boolean
  readonly skills: { skill: string; officers: number }[]
}

const EMPTY = {
  ...{ code: '', nameZh: '', nameEn: '', kind: 'patrol', isStreet: true, unitId: null, shifts: [] },
  ...{ minOfficers: 1, maxOfficers: null, needsLeader: true, skills: [] },
} satisfies Omit<PostForm, 'organisationId'>

function PostDialog({ post, onClose }: { post: PostRow | null; onClose: () => void }) {
  const { t, i18n } = useTranslation('roster')
  const mayFor = useMayFor()
  const organisationName = useOrganisationName()
  const board = useQuery(forceBoardQuery).data
  const patterns = useQuery(patternsQuery).data ?? []
  const skillNames = useSkillNames()
  const shifts = new Map(patterns.flatMap((pattern) => pattern.shifts.map((shift) => [shift.code, shift])))
  const organisations = (board?.organisations ?? []).filter(
    ({ id }) => mayFor('roster.edit', id) && board?.officers.some((officer) => officer.organisationId === id),
  )
  const skills = [...new Set((board?.officers ?? []).flatMap((officer) => officer.skills))].toSorted()
  return (
    <RecordDialog<PostForm, PostRow>
      title={t(post ? 'post.change' : 'post.add')}
      width={640}
      onClose={onClose}
      stored={post}
      toForm={(stored) =>
        stored
          ? { ...stored, shifts: [...stored.shifts], skills: stored.skills.map((each) => ({ ...each })) }
          : { organisationId: organisations[0]?.id ?? '', ...EMPTY }
      }
      versionOf={({ version }) => version}
      load={async () => {
        const { posts } = await api.get<{ posts: readonly PostRow[] }>('/api/roster-posts')
        return posts.find(({ id }) => id === post?.id) ?? null
      }}
      save={({ organisationId, ...values }, options, stored) => {
        const body = { ...values, unitId: values.unitId ?? null, maxOfficers: values.maxOfficers ?? null }
        return stored
          ? api.patch(`/api/roster-posts/${stored.id}`, body, options)
          : api.post('/api/roster-posts', { organisationId, ...body }, options)
      }}
      refresh={[postsQuery.queryKey]}
      remove={
        post
          ? {
              name: i18n.language === 'en' ? post.nameEn : post.nameZh,
              run: (options) => api.delete(`/api/roster-posts/${post.id}`, options),
            }
          : undefined
      }
    >
      <div className="form-grid">
        <Form.Item name="organisationId" label={t('filter.organisation')} rules={[{ required: true }]}>
          <Select
            disabled={post !== null}
            options={organisations.map(({ id }) => ({ value: id, label: organisationName(id) }))}
          />
        </Form.Item>
        <Form.Item name="code" label={t('pattern.code')} rules={[{ required: true }]}>
          <Input maxLength={40} />
        </Form.Item>
        <Form.Item name="nameZh" label={t('pattern.name-zh')} rules={[{ required: true }]}>
          <Input maxLength={60} />
        </Form.Item>
        <Form.Item name="nameEn" label={t('pattern.name-en')} rules={[{ required: true }]}>
          <Input maxLength={60} />
        </Form.Item>
        <Form.Item name="kind" label={t('post.kind')}>
          <Select options={POST_KINDS.map((value) => ({ value, label: t(`kind.${value}`) }))} />
        </Form.Item>
        <Form.Item name="unitId" label={t('post.unit')}>
          <Select
            allowClear
            showSearch={{ optionFilterProp: 'label' }}
            options={(board?.units ?? []).map(({ id, callSign }) => ({ value: id, label: callSign }))}
          />
        </Form.Item>
        <Form.Item name="minOfficers" label={t('post.least')} rules={[{ required: true }]}>
          <InputNumber min={0} max={1000} precision={0} style={{ width: '100%' }} />
        </Form.Item>
        <Form.Item name="maxOfficers" label={t('post.most')} extra={t('post.most-hint')}>
          <InputNumber min={1} max={1000} precision={0} style={{ width: '100%' }} />
        </Form.Item>
      </div>
      <Form.Item name="isStreet" valuePropName="checked">
        <Checkbox>{t('post.is-street')}</Checkbox>
      </Form.Item>
      <Form.Item name="needsLeader" valuePropName="checked">
        <Checkbox>{t('post.needs-leader')}</Checkbox>
      </Form.Item>
      <Form.Item name="shifts" label={t('pattern.shifts')} extra={t('post.shifts-hint')}>
        <Select
          mode="multiple"
          options={[...shifts.values()].map((shift) => ({
            value: shift.code,
            label: i18n.language === 'en' ? shift.nameEn : shift.nameZh,
          }))}
        />
      </Form.Item>
      <Form.List name="skills">
        {(fields, { add, remove }) => (
          <fieldset className="post-skills">
            <legend>{t('post.skills')}</legend>
            {fields.map(({ key, name }) => (
              <div key={key}>
                <Form.Item name={[name, 'skill']} rules={[{ required: true }]}>
                  <Select
                    aria-label={t('pattern.skill')}
                    style={{ minWidth: 160 }}
                    options={skills.map((value) => ({ value, label: skillNames([value]) }))}
                  />
                </Form.Item>
                <Form.Item name={[name, 'officers']} rules={[{ required: true }]}>
                  <InputNumber min={1} max={100} precision={0} aria-label={t('pattern.officers')} />
                </Form.Item>
                <Button
                  type="text"
                  aria-label={t('pattern.remove', { what: t('post.skills'), number: name + 1 })}
                  onClick={() => remove(name)}
                >
                  ✕
                </Button>
              </div>
            ))}
            <Button size="small" onClick={() => add({ officers: 1 })}>
              {t('ui:action.add')}
            </Button>
          </fieldset>
        )}
      </Form.List>
    </RecordDialog>
  )
}
